import type {
  AttemptReport,
  Finding,
  InteractionReport,
  Report,
  ReportedFinding,
  WaiverEvidence,
} from '@plumb/protocol'
import { formatCost, formatCount, formatSeconds } from './format-amount.js'
import { html, rawHtml } from './html.js'
import { lostTime } from './render-root-causes.js'
import type { Html } from './html.js'
import { leftSection } from './left-section.js'
import { reportStyle } from './report-style.js'
import { tableSection } from './table-section.js'

/** The report as one self-contained page: no scripts, nothing loaded, every text escaped. */
export function renderReportHtml(report: Report): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <title>Plumb run ${report.run}</title>
        <style>
          ${rawHtml(reportStyle)}
        </style>
      </head>
      <body>
        <header>
          <h1>Plumb run <code>${report.run}</code></h1>
          ${facts(report)}
        </header>
        <main>
          ${overview(report)} ${perIntegration(report)} ${rootCauses(report)} ${wishes(report)}
          ${leftSection(report)}
          <section aria-labelledby="details">
            <h2 id="details">Interactions in detail</h2>
            ${report.interactions.map(details)}
          </section>
        </main>
      </body>
    </html> `
  return page.html
}

function facts(report: Report): Html {
  const { totals } = report
  const expected =
    totals.asExpected === totals.interactions
      ? 'all as expected'
      : `${totals.asExpected} as expected`
  return html`<p class="sum">
      <strong>${totals.accepted}</strong> accepted, <strong>${totals.blocked}</strong> blocked,
      <strong>${totals.rejected}</strong> rejected, <strong>${totals.exhausted}</strong> exhausted
      of ${totals.interactions} (${expected})
    </p>
    <dl>
      <div>
        <dt>Model</dt>
        <dd>${report.modelLabel}</dd>
      </div>
      <div>
        <dt>State</dt>
        <dd>${report.state}</dd>
      </div>
      <div>
        <dt>Started</dt>
        <dd><time datetime="${report.startedAt}">${report.startedAt}</time></dd>
      </div>
      <div>
        <dt>Time</dt>
        <dd>${formatSeconds(totals.seconds)}</dd>
      </div>
      <div>
        <dt>Tokens</dt>
        <dd>${formatCount(totals.tokens)}</dd>
      </div>
      <div>
        <dt>Cost</dt>
        <dd>${formatCost(totals.cost)}</dd>
      </div>
      <div>
        <dt>Waivers</dt>
        <dd>${waiverCounts(report)}</dd>
      </div>
      <div>
        <dt>Claims</dt>
        <dd>${totals.honestClaims} of ${totals.claims} borne out</dd>
      </div>
      <div>
        <dt>Output</dt>
        <dd><code>${report.output}</code></dd>
      </div>
    </dl>`
}

function waiverCounts({ totals, waiversByModel }: Report): string {
  const models = Object.entries(waiversByModel).map(([model, count]) => `${model} ${count}`)
  return models.length === 0 ? '0' : `${totals.waivers} (${models.join(', ')})`
}

function overview({ interactions }: Report): Html {
  const rows = interactions.map(
    (one) =>
      html`<tr>
        <th scope="row"><a href="#${anchor(one)}">${one.id}</a></th>
        <td>${one.integration}</td>
        <td>${badge(one.outcome)}</td>
        <td class="n">${one.attempts}</td>
        <td class="n">${one.findings.length}</td>
        <td class="n">${formatCount(one.tokens)}</td>
        <td class="n">${formatCost(one.cost)}</td>
        <td class="n">${formatSeconds(one.seconds)}</td>
      </tr>`,
  )
  const headings = ['Interaction', 'Integration', 'Outcome', 'Attempts', 'Findings', ...usage]
  const caption = 'What became of every interaction, and what it took.'
  return tableSection({ id: 'overview', title: 'Interactions', caption, headings }, rows)
}

function perIntegration(report: Report): Html {
  const rows = report.perIntegration.map(
    (one) =>
      html`<tr>
        <th scope="row">${one.integration}</th>
        <td class="n">${one.accepted}</td>
        <td class="n">${one.blocked}</td>
        <td class="n">${one.rejected}</td>
        <td class="n">${one.exhausted}</td>
        <td class="n">${formatCount(one.tokens)}</td>
        <td class="n">${formatCost(one.cost)}</td>
        <td class="n">${formatSeconds(one.seconds)}</td>
      </tr>`,
  )
  const headings = ['Integration', 'Accepted', 'Blocked', 'Rejected', 'Exhausted', ...usage]
  const caption = 'Outcomes and cost, added up per integration.'
  return tableSection({ id: 'integrations', title: 'Integrations', caption, headings }, rows)
}

function rootCauses(report: Report): Html {
  if (report.rootCauses.length === 0) return html``
  const rows = report.rootCauses.map(
    (one) =>
      html`<tr>
        <th scope="row">${lostTime(one)}</th>
        <td>${one.premise}</td>
        <td>
          ${one.attempts.map(
            ({ id, interaction, outcome, sequence }) =>
              html`<a href="#${interaction.replace('/', '-')}">${interaction}</a>
                <code>${id}</code> #${sequence} ${outcome ?? 'running'}<br />`,
          )}
        </td>
        <td class="n">${formatCount(one.tokens)}</td>
        <td class="n">${formatSeconds(one.seconds)}</td>
      </tr>`,
  )
  const headings = ['Cause', 'Premise that failed', 'Attempts', 'Tokens lost', 'Time lost']
  const caption = 'Attempts by the earliest premise that later steps contradict.'
  return tableSection({ id: 'root-causes', title: 'Root causes', caption, headings }, rows)
}

function wishes(report: Report): Html {
  if (report.wishes.length === 0) return html``
  const rows = report.wishes.map(
    ({ asked, count, nearest, attempts }) =>
      html`<tr>
        <th scope="row"><code>${asked}</code></th>
        <td>${nearest === null ? 'nothing like it' : html`<code>${nearest}</code>`}</td>
        <td class="n">${count}</td>
        <td class="n">${attempts.length}</td>
      </tr>`,
  )
  const headings = ['Asked for', 'Nearest there is', 'Times', 'Attempts']
  const caption = 'Commands, options and programs that agents asked for and did not get.'
  return tableSection({ id: 'wishes', title: 'Asked for, and not there', caption, headings }, rows)
}

const usage = ['Tokens', 'Cost', 'Time']

function details(one: InteractionReport): Html {
  return html`<article id="${anchor(one)}">
    <h3>${one.integration} / ${one.id} ${badge(one.outcome)}</h3>
    <p>${one.description}</p>
    ${one.cause === null ? '' : html`<p><strong>Why:</strong> ${one.cause}</p>`}
    ${one.remedy === null ? '' : html`<p><strong>Do this:</strong> ${one.remedy}</p>`}
    ${one.history.map(attempt)}
  </article>`
}

function attempt(one: AttemptReport): Html {
  return html`<details>
    <summary>
      Attempt ${one.number}: ${one.outcome ?? 'running'}, ${formatSeconds(one.seconds)},
      ${one.receipts} receipts, ${one.dryRuns} dry runs, ${one.findings.length} findings
    </summary>
    <p>Trace: <code>plumb trace ${one.id}</code></p>
    ${
      one.findings.length === 0
        ? html`<p>No findings.</p>`
        : html`<ul class="findings">
            ${one.findings.map(finding)}
          </ul>`
    }
    ${divergence(one)}
    <ol class="timeline">
      ${one.timeline.map(
        (entry) =>
          html`<li class="${entry.state}${entry.divergence ? ' divergence' : ''}">
            <span class="at">${formatSeconds(entry.seconds)}</span>
            <span class="state">${{ ok: 'ok', failed: 'failed', note: '' }[entry.state]}</span>
            <span
              >${entry.text}${entry.divergence ? html` <strong>(first divergence)</strong>` : ''}</span
            >
          </li>`,
      )}
    </ol>
  </details>`
}

function divergence({ rootCause: cause }: AttemptReport): Html {
  if (cause === null) return html`<p><strong>First divergence:</strong> none</p>`
  const { contradiction: later, receipts } = cause
  return html`<p>
    <strong>First divergence:</strong> #${cause.sequence}, ${cause.premise}
    ${later === null ? '' : html`<br />Contradicted by #${later.sequence}: ${later.text}`}
    ${receipts.length === 0 ? '' : html`<br /><small>Receipts: ${receipts.join(', ')}</small>`}
  </p>`
}

function waived({ waiver }: ReportedFinding): Html {
  return waiver === null
    ? html``
    : html`<br />Waived by ${waiver.by}: ${waiver.reason} (${waiverEvidence(waiver.evidence)})`
}

function waiverEvidence(evidence: WaiverEvidence): string {
  switch (evidence.kind) {
    case 'receipt':
      return `receipt ${evidence.receiptId}`
    case 'docs':
      return evidence.url
    case 'operation':
      return `operation ${evidence.operationId}`
  }
}

function finding(one: ReportedFinding): Html {
  return html`<li>
    <span class="badge ${one.severity}">${one.severity}</span>
    <code>${one.behaviour}</code> ${one.check}: ${one.message} <small><code>${one.id}</code></small>
    ${waived(one)}
    ${one.remedy === null ? '' : html`<br /><em>${one.remedy}</em>`}${one.pointer === null ? '' : html`<br /><small>Evidence: ${evidence(one.pointer)}</small>`}
  </li>`
}

function evidence(pointer: NonNullable<Finding['pointer']>): string {
  switch (pointer.kind) {
    case 'receipt':
      return `receipt ${pointer.receiptId}`
    case 'execution':
      return `execution ${pointer.executionId}`
    case 'trace':
      return `trace event ${pointer.sequence}`
    case 'code':
      return `${pointer.path}, line ${pointer.line}, column ${pointer.column}`
  }
}

function badge(outcome: InteractionReport['outcome']): Html {
  return html`<span class="badge ${outcome ?? 'undecided'}">${outcome ?? 'undecided'}</span>`
}

function anchor(one: InteractionReport): string {
  return `${one.integration}-${one.id}`
}
