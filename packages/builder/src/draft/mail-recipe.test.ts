import { expect, test } from 'vitest'
import { parseApiDescription } from '../description/load-api-description.js'
import { draftFunction } from './draft-function.js'
import { runDraft } from './testing/run-draft.js'
import { interaction, shopProvider } from './testing/shop-api.js'

const raw = { type: 'string', description: 'The message in RFC 2822 format, base64url encoded.' }
const message = {
  type: 'object',
  properties: { id: { type: 'string' }, raw, subject: { type: 'string' } },
}
const content = { 'application/json': { schema: { type: 'object', properties: { message } } } }
const paths = {
  '/drafts': {
    post: {
      operationId: 'drafts.create',
      requestBody: { content },
      responses: {
        '200': { description: '', content: { 'application/json': { schema: message } } },
      },
    },
  },
}
const mail = parseApiDescription('mail.json', JSON.stringify({ openapi: '3.0.0', paths }))

test('to, subject and body become one encoded message, wherever the request takes it', async () => {
  const { source, openQuestions } = draftFunction({
    description: mail,
    provider: shopProvider(),
    interaction: interaction('Create a draft', {
      input: { to: 'string', cc: 'array?', subject: 'string', body: 'string' },
      output: { id: 'string' },
    }),
  })
  expect(openQuestions).toEqual([])
  const input = { to: 'a@b.test', subject: 'Grüße\r\nBcc: x@y.test', body: 'Hallo' }
  const { calls } = await runDraft(source, { input }, [{ data: { id: 'd' } }])
  const sent = (calls[0]?.config.data as { message: { raw: string } }).message
  expect(Object.keys(sent)).toEqual(['raw'])
  const lines = Buffer.from(sent.raw, 'base64url').toString('utf8').split('\r\n')
  expect(lines[0]).toBe('To: a@b.test')
  expect(lines[1]).toBe(
    `Subject: =?UTF-8?B?${Buffer.from('Grüße Bcc: x@y.test').toString('base64')}?=`,
  )
  expect(lines).not.toContain('Bcc: x@y.test')
  expect(lines.slice(-2)).toEqual(['', 'Hallo'])
})
