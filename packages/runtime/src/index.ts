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
export type {
  Mount,
  Sandbox,
  SandboxAvailability,
  SandboxBackend,
  SandboxedProcess,
  SandboxExit,
  SandboxLauncher,
  SandboxLimits,
  SandboxPolicy,
  SandboxStdio,
  SpawnOptions,
} from './sandbox/sandbox.js'
export { detectSandboxes, openSandbox } from './sandbox/open-sandbox.js'
