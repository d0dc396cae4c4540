import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createClient } from '@plumb/sdk/client'
import { startAccounts } from '@plumb/testbed/accounts'

const project = fileURLToPath(new URL('..', import.meta.url))
const plumb = fileURLToPath(new URL('../../packages/app/bin/plumb.js', import.meta.url))

/**
 * An emulated account, a Plumb server in a folder of its own, the example's functions deployed to it, and the account
 * connected: what a product has when its customer has pressed "connect".
 */
export async function openExample({ provider, metadata = {} }) {
  const accounts = await startAccounts({ only: [provider] })
  const [account] = accounts.accounts
  const home = await mkdtemp(join(tmpdir(), 'plumb-example-'))
  const server = await startServer(home)
  const secretKey = (await readFile(join(home, 'server', 'dev.key'), 'utf8')).trim()
  const client = createClient({ url: server.url, secretKey })
  const close = async () => {
    await server.stop()
    await accounts.close()
    await rm(home, { recursive: true, force: true })
  }
  try {
    await connect(client, account, metadata)
    await run(['deploy', 'dev', project, '--integration', provider, '--yes'], home)
  } catch (error) {
    await close()
    throw error
  }
  const name = { integrationKey: account.integrationKey, connectionId: account.connectionId }
  return {
    client,
    name,
    controls: accounts.controls(provider),
    records: (model, query = {}) => records(client, { ...name, model, ...query }),
    act: (action, input) => client.actions.trigger({ ...name, action, input }),
    sync: (sync, options) => awaitSync(client, { ...name, sync, ...options }),
    close,
  }
}

/** Runs a program that throws when something is not as it must be, and says what it checked. */
export async function check(title, options, program) {
  const example = await openExample(options)
  try {
    for await (const line of program(example)) console.log(`ok  ${line}`)
    console.log(`${title}: everything is as it must be.`)
  } finally {
    await example.close()
  }
}

async function connect(client, account, metadata) {
  const { integrationKey, connectionId, provider, baseUrl, tokenUrl, oauthClient } = account
  await client.integrations.create({
    provider,
    integrationKey,
    baseUrl,
    ...(tokenUrl && { tokenUrl }),
    ...(oauthClient && {
      credentials: {
        type: 'OAUTH2',
        client_id: oauthClient.clientId,
        client_secret: oauthClient.clientSecret,
      },
    }),
  })
  const credentials = credentialsOf(account.credential)
  await client.connections.import({ integrationKey, connectionId, credentials, metadata })
}

function credentialsOf(credential) {
  if (credential.kind === 'bearer') return { type: 'OAUTH2', access_token: credential.token }
  const { accessToken, refreshToken, expiresAt } = credential
  return {
    type: 'OAUTH2',
    access_token: accessToken,
    refresh_token: refreshToken,
    expires_at: expiresAt,
  }
}

/** Waits for the run that deploying or connecting began, or asks for one and waits for it. */
async function awaitSync(client, { sync, trigger = true, seconds = 300, ...name }) {
  const finished = async () => {
    const { runs } = await client.syncs.runs({ ...name, name: sync })
    return runs.filter(({ state }) => state !== 'running')
  }
  const before = trigger ? (await finished()).length : 0
  if (trigger) await client.syncs.trigger({ ...name, syncs: [sync] })
  for (let tries = 0; tries < seconds * 4; tries += 1) {
    const [newest, ...others] = await finished()
    if (newest && others.length >= before) {
      if (newest.state === 'success') return newest
      throw new Error(`The sync "${sync}" ended as ${newest.state}: ${newest.error?.message}`)
    }
    await sleep(250)
  }
  throw new Error(`The sync "${sync}" did not end within ${seconds} s.`)
}

async function records(client, query) {
  const all = []
  let cursor
  do {
    const page = await client.records.list({ ...query, limit: 1000, ...(cursor && { cursor }) })
    all.push(...page.records)
    cursor = page.next_cursor
  } while (cursor)
  return all
}

async function startServer(home) {
  const child = spawn(process.execPath, [plumb, 'serve', '--port', '0'], {
    env: { ...process.env, PLUMB_HOME: home, DATABASE_URL: '' },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const url = await new Promise((resolve, reject) => {
    let text = ''
    child.stderr.on('data', (chunk) => {
      text += chunk
      const found = /Plumb serves (http:\S+)/.exec(text)
      if (found) resolve(found[1])
    })
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${text}`)))
  })
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function run(words, home) {
  const child = spawn(process.execPath, [plumb, ...words], {
    env: { ...process.env, PLUMB_HOME: home, DATABASE_URL: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`plumb ${words.join(' ')} ended with ${code}.`)),
    )
  })
}
