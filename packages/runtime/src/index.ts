export type {
  CallContext,
  ConnectionGateway,
  Gateway,
  GatewayAnswer,
  ReplayGateway,
} from './gateway/connection-gateway.js'
export type {
  PreparedRequest,
  RecordedAnswer,
  RecordedRequest,
  Recording,
  Transport,
  TransportAnswer,
} from './gateway/transport.js'
export type { Clock } from './gateway/clock.js'
export { systemClock, virtualClock } from './gateway/clock.js'
