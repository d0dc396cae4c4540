// Issues and pull requests of a repository, told apart; an issue, a comment and a pull request made through actions.
import assert from 'node:assert/strict'
import { check } from './open-example.mjs'

const repository = { owner: 'plumb-demo', repo: 'handbook' }

await check('github', { provider: 'github', metadata: repository }, async function* (plumb) {
  const first = await plumb.sync('issues', { trigger: false })
  const issues = await plumb.records('Issue')
  assert.equal(issues.length, 4)
  assert.deepEqual(first.counts.Issue, { added: 4, updated: 0, deleted: 0 })
  assert.ok(issues.every(({ url }) => !url.includes('/pull/')))
  yield 'the issues are stored, and no pull request is among them'

  await plumb.sync('pull-requests', { trigger: false })
  const pulls = await plumb.records('PullRequest')
  assert.deepEqual(
    pulls.map(({ title, head, state }) => [title, head, state]),
    [['Fix the broken link', 'fix-link', 'open']],
  )
  yield 'the pull request is stored as one'

  const made = await plumb.act('create-issue', { ...repository, title: 'Say what a slice is' })
  const comment = { ...repository, number: made.number, body: 'In the glossary, for example.' }
  assert.match((await plumb.act('comment-on-issue', comment)).id, /^\d+$/)
  yield 'an issue is created and commented on'

  await assert.rejects(plumb.act('comment-on-issue', { ...comment, number: 4711 }), /no issue 4711/)
  await assert.rejects(plumb.act('create-issue', { ...repository, title: 7 }), /title/)
  yield 'an issue that does not exist, and input that does not fit, are refused with their reason'

  const branch = await branchWithChange(plumb)
  const pull = { ...repository, title: 'Explain slices', head: branch, base: 'main' }
  const opened = await plumb.act('open-pull-request', pull)
  yield 'a branch is made through the proxy, and a pull request is opened from it'

  await Promise.all([plumb.sync('issues'), plumb.sync('pull-requests')])
  const added = (await plumb.records('Issue')).find(({ number }) => number === made.number)
  assert.deepEqual([added?.title, added?.comments], ['Say what a slice is', 1])
  const numbers = (await plumb.records('PullRequest')).map(({ number }) => number)
  assert.deepEqual(numbers.sort(), [pulls[0].number, opened.number].sort())
  yield 'the next runs find what is new, each where it belongs'
})

async function branchWithChange({ client, name }) {
  const base = `/repos/${repository.owner}/${repository.repo}`
  const ask = async (method, endpoint, body) => {
    const answer = await client.proxy({ ...name, method, endpoint, ...(body && { body }) })
    assert.ok(answer.ok, `${method} ${endpoint} answered ${answer.status}`)
    return answer.json()
  }
  const main = await ask('GET', `${base}/git/ref/heads/main`)
  await ask('POST', `${base}/git/refs`, { ref: 'refs/heads/slices', sha: main.object.sha })
  await ask('PUT', `${base}/contents/slices.md`, {
    message: 'Explain slices',
    content: Buffer.from('# Slices\n').toString('base64'),
    branch: 'slices',
  })
  return 'slices'
}
