import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { integrationKey } from './bench-project.js'
import type { Measurement } from './measurement.js'
import { openLoop, quantile } from './open-loop.js'
import type { Call } from './open-loop.js'
import { costBetween, costNames, readServerCpu } from './server-cost.js'
import type { ServerCost } from './server-cost.js'
import type { BenchServer } from './start-server.js'

export type CallsPlace = {
  readonly server: BenchServer
  readonly folder: string
  readonly providerUrl: string
  readonly connectionId: string
  readonly seconds: number
  readonly signal: AbortSignal
}

type CallPart = 'actions' | 'proxy'
type Times = { readonly own: readonly number[]; readonly plain: readonly number[] }

const perSecond = 50
const warmSeconds = 3
const idleSeconds = 3
const body = JSON.stringify({ text: 'as long as what people say to one another usually is' })

/** Calls of one kind through the server, in turn with the same call straight to the provider. */
export async function measureCalls(part: CallPart, place: CallsPlace): Promise<Measurement[]> {
  const { seconds, signal, folder } = place
  const cpu = (): Promise<ServerCost> => readServerCpu({ pid: place.server.pid, folder })
  const agent = new Agent({ keepAlive: true })
  try {
    const calls = [through(part, place, agent), straight(place, agent)]
    await openLoop(calls, { perSecond, seconds: warmSeconds, signal })
    const atRest = await cpu()
    await sleep(idleSeconds * 1000)
    const before = await cpu()
    const [own = [], plain = []] = await openLoop(calls, { perSecond, seconds, signal })
    const busy = costBetween(before, await cpu())
    const idle = costBetween(atRest, before)
    const cpuMsOf = (who: keyof ServerCost): number =>
      ((busy[who] - (idle[who] / idleSeconds) * seconds) / own.length) * 1000
    return [...timesOf(part, { own, plain }), ...costsOf(part, cpuMsOf)]
  } finally {
    agent.destroy()
  }
}

function timesOf(part: CallPart, { own, plain }: Times): Measurement[] {
  const added = (share: number): Pick<Measurement, 'value' | 'ratio'> => {
    const [ours, theirs] = [quantile(own, share), quantile(plain, share)]
    const ratio = { times: ours / Math.max(theirs, 0.001), of: 'the same call without Plumb' }
    return { value: ours - theirs, ratio }
  }
  const bars = part === 'actions' ? [3, 15] : [null, null]
  return [0.5, 0.99].map((share, n): Measurement => {
    const bar = bars[n] ?? null
    return {
      ...{ part, what: `added to a call, p${share * 100}`, unit: 'ms', ...added(share) },
      bar: bar === null ? null : { most: bar },
    }
  })
}

function costsOf(part: CallPart, cpuMsOf: (who: keyof ServerCost) => number): Measurement[] {
  const each = (Object.keys(costNames) as (keyof ServerCost)[]).map((who) => ({
    what: `CPU of a call, ${costNames[who]}`,
    value: cpuMsOf(who),
  }))
  const total = each.reduce((sum, { value }) => sum + value, 0)
  return [{ what: 'CPU of a call, everything', value: total }, ...each].map((one) => ({
    ...{ ...one, part, unit: 'CPU-ms', bar: null, ratio: null },
  }))
}

function through(part: CallPart, place: CallsPlace, agent: Agent): Call {
  const { server, connectionId } = place
  const headers = {
    authorization: `Bearer ${server.secretKey}`,
    ...{ 'connection-id': connectionId, 'provider-config-key': integrationKey },
  }
  if (part === 'proxy') return post(`${server.url}/proxy/say`, { headers, body, agent })
  const order = JSON.stringify({ action_name: 'say', input: JSON.parse(body) as unknown })
  return post(`${server.url}/action/trigger`, { headers, body: order, agent })
}

function straight({ providerUrl }: CallsPlace, agent: Agent): Call {
  const headers = { authorization: 'Bearer bench-token' }
  return post(`${providerUrl}/say`, { headers, body, agent })
}

type Posted = {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly agent: Agent
}

function post(url: string, { headers, body: text, agent }: Posted): Call {
  const given = { ...headers, 'content-type': 'application/json' }
  return () =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent, headers: given }, (answer) => {
        const refused = answer.statusCode !== 200
        const read = (): void =>
          refused ? reject(new Error(`${url} answered ${answer.statusCode}`)) : resolve()
        answer.resume().once('end', read).once('error', reject)
      })
      sent.once('error', reject).end(text)
    })
}
