import type { TestPlumb } from '../../../server/testing/open-test-plumb.js'

export type TestSession = { token: string; connect_link: string; expires_at: string }

export type Visitor = {
  /** What a product's backend asks for. Throws for what is no session. */
  sessionOf(body?: object, path?: string): Promise<TestSession>
  /** Begins at an integration as a browser does: where it is sent, and the cookie that it got. */
  begin(
    token: string,
    integrationKey: string,
    more?: string,
  ): Promise<{ answer: Response; location: string; cookie: string }>
  /** Back to the callback with what the provider sent, at the port that the server really has. */
  comeBack(
    back: URL,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; text: string }>
}

/** A person in front of the connect flow of a server, and the product that sent them. */
export function openVisitor(server: TestPlumb, key: string): Visitor {
  return {
    async sessionOf(body = {}, path = '/connect/sessions') {
      const answer = await server.send(key, `POST ${path}`, {
        end_user: { id: 'user-1', email: 'a@b.example', display_name: 'Ann' },
        ...body,
      })
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
      return (answer.body as { data: TestSession }).data
    },
    async begin(token, integrationKey, more = '') {
      const answer = await fetch(
        `${server.url}/oauth/connect/${integrationKey}?connect_session_token=${token}${more}`,
        { redirect: 'manual' },
      )
      const location = answer.headers.get('location') ?? ''
      const cookie = answer.headers.get('set-cookie') ?? ''
      return { answer, location, cookie }
    },
    async comeBack(back, headers = {}) {
      if (back.pathname !== '/oauth/callback') throw new Error(`${back.href} is no callback`)
      const answer = await fetch(`${server.url}/oauth/callback${back.search}`, { headers })
      return { status: answer.status, headers: answer.headers, text: await answer.text() }
    },
  }
}
