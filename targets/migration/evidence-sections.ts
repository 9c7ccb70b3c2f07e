/** The page's parts, each from evidence to HTML. */
import type { Check } from "./gates.ts";
import type { DeclaredLoss, Evidence, GateEvidence, StepEvidence } from "./evidence.ts";
import { badge, count, duration, figure, html, type Html, table } from "./evidence-html.ts";

/** The verdict, what it was about, and why it failed. */
export function headline(evidence: Evidence): Html {
  const { ok, from, to, stack, stage, fault, started, milliseconds } = evidence;
  const scale = stage.timeScale === 1 ? "in real time" : `with time running ${stage.timeScale} times as fast`;
  return html`<header class="${ok ? "good" : "bad"}">
    <p class="kicker">Migration rehearsal · ${from} → ${to}</p>
    <h1><span aria-hidden="true">${ok ? "✓" : "✗"}</span> ${evidence.headline}</h1>
    <p class="lede">
      Stack <b>${stack}</b> on stage <b>${stage.name}</b>, ${scale}. Started
      <time datetime="${started}">${started.slice(0, 16).replace("T", " ")} UTC</time>, took ${duration(milliseconds)}.
      ${fault !== null && html`Broken on purpose: <b>${fault}</b>.`}
    </p>
    ${evidence.failures.map(({ title, sentence }) => html`<p class="reason"><b>${title}.</b> ${sentence}</p>`)}
    ${evidence.problems.map(
      ({ path, found, allowed }) => html`<p class="reason"><code>${path}</code>: ${found}; allowed is ${allowed}.</p>`,
    )}
  </header>`;
}

/** `lost: 0, doubled: 0`, and over how much. */
export function numbers({ totals, waysBack, accounts }: Evidence): Html {
  const accounted = accounts.length > 0;
  const clean = accounted && totals.lost === 0 && totals.doubled === 0;
  const reasons = { drill: "Rollback drill", failure: "Rollback", plan: "Return" } as const;
  const cards: readonly (readonly [string, string, string])[] = [
    ["Requests", count(totals.requests), "answered and accounted for"],
    ["Acknowledged writes", count(totals.acknowledgedWrites), "each looked up in the end"],
    ["Feed messages", count(totals.feedMessages), "followed to where they belong"],
    ["Subscribers", count(totals.subscribers), "on WebSockets, all the time"],
    ...waysBack.map(
      ({ because, trafficMilliseconds, workersMilliseconds }) =>
        [
          reasons[because],
          duration(trafficMilliseconds),
          "until the old side had 100\u00a0%" +
            (workersMilliseconds === null ? "" : `; with the workers ${duration(workersMilliseconds)}`),
        ] as const,
    ),
  ];
  const title = accounted ? `lost: ${count(totals.lost)}, doubled: ${count(totals.doubled)}` : "not accounted for";
  return html`<section aria-labelledby="numbers">
    <h2 id="numbers" class="tally ${clean ? "good" : "bad"}">${title}</h2>
    <dl class="cards">
      ${cards.map(
        ([name, value, note]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
            <dd class="note">${note}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

/** Where the script draws; `data-chart` names the chart. */
export function charts({ series, from, to }: Evidence): Html {
  if (series.length < 2)
    return html`<section>
      <h2>Over time</h2>
      <p>There was no traffic to draw.</p>
    </section>`;
  const all = [
    ["weights", "Weight", "percent of new requests"],
    ["requests", "Requests", "a second, by side"],
    ["errors", "Errors", "5xx and failed connections a second, by side"],
    ["p50", "Latency, median", "ms, logarithmic"],
    ["p95", "Latency, p95", "ms, logarithmic"],
    ["p99", "Latency, p99", "ms, logarithmic"],
    ["stream", "Stream updates", "a second, all subscribers"],
  ] as const;
  return html`<section aria-labelledby="charts">
    <h2 id="charts">Over time</h2>
    <p>
      <span class="key old">${from}</span> is drawn solid, <span class="key new">${to}</span> dashed. Upright lines are
      steps; point at a chart to read all of them at that moment, drag to look closer, double-click to go back.
    </p>
    <p class="now" id="now">&nbsp;</p>
    <div class="charts">
      ${all.map(
        ([id, title, unit]) =>
          html`<figure>
            <figcaption><b>${title}</b> <span>${unit}</span></figcaption>
            <div class="chart" data-chart="${id}" role="img" aria-label="${title}, ${unit}, over time"></div>
          </figure>`,
      )}
    </div>
    <noscript><p>The charts need JavaScript. Everything else is here without it.</p></noscript>
  </section>`;
}

/** What was done, when, and what the stage said. */
export function steps({ steps: all, milliseconds }: Evidence): Html {
  const percentOf = (part: number): string => ((100 * part) / Math.max(1, milliseconds)).toFixed(2);
  const bar = ({ startMilliseconds, milliseconds: took, state }: StepEvidence): Html =>
    html`<span
      class="bar ${state}"
      style="margin-left:${percentOf(startMilliseconds)}%;width:max(2px,${percentOf(took)}%)"
    ></span>`;
  const rows = all.map(
    (step) =>
      html`<tr>
        <td class="phase">${step.phase}</td>
        <td>
          ${step.title} ${step.failure !== null && html`<p class="reason">${step.failure}</p>`}
          ${
            step.details.length > 0 &&
            html`<details>
              <summary>${step.details.length} ${step.details.length === 1 ? "line" : "lines"}</summary>
              <ul>
                ${step.details.map((line) => html`<li>${line}</li>`)}
              </ul>
            </details>`
          }
        </td>
        <td>${badge(step.state)}</td>
        <td class="number">${step.state === "skipped" ? "" : duration(step.milliseconds)}</td>
        <td class="gantt" aria-hidden="true">${step.state !== "skipped" && bar(step)}</td>
      </tr>`,
  );
  return html`<section aria-labelledby="steps">
    <h2 id="steps">Steps</h2>
    ${table("What was done, in order", ["Phase", "Step", "State", "Took", "When"], rows, "steps")}
  </section>`;
}

/** Every gate with all its figures; those that failed are open. */
export function gates({ gates: all }: Evidence): Html {
  return html`<section aria-labelledby="gates">
    <h2 id="gates">Gates</h2>
    ${all.length === 0 ? html`<p>No gate was reached.</p>` : all.map(gate)}
  </section>`;
}

function gate({ title, state, sentence, looks, window, checks }: GateEvidence): Html {
  const sides = Object.entries(window.sides).map(([side, { requests }]) => `${side} ${count(requests)}`);
  const caption = `Requests: ${sides.join(", ") || "none"}; ${figure(window.seconds)} model seconds, ${looks} looks`;
  return html`<details class="gate" ${state === "fail" && html`open`}>
    <summary>${badge(state)} <b>${title}</b> <span class="quiet">${sentence}</span></summary>
    ${table(caption, ["Check", "State", "Measured", "Limit", "In words"], checks.map(checkRow), "checks")}
  </details>`;
}

function checkRow({ name, measured, relation, limit, unit, state, sentence }: Check): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${badge(state)}</td>
    <td class="number">${figure(measured)}</td>
    <td class="number">${limit === null ? "–" : `${relation} ${figure(limit)} ${unit}`}</td>
    <td class="words">${sentence}</td>
  </tr>`;
}

export function accounts({ accounts: all }: Evidence): Html {
  const rows = all.map(
    ({ what, acknowledged, lost, doubled, examples }) =>
      html`<tr>
        <th scope="row">
          ${what} ${examples.length > 0 && html`<p class="reason">For instance <code>${examples.join(", ")}</code></p>`}
        </th>
        <td class="number">${count(acknowledged)}</td>
        <td class="number">${count(lost)}</td>
        <td class="number">${count(doubled)}</td>
        <td>${badge(lost === 0 && doubled === 0 && acknowledged > 0 ? "pass" : "fail")}</td>
      </tr>`,
  );
  const heads = ["What", "Acknowledged", "Lost", "Doubled", "State"];
  return html`<section aria-labelledby="accounts">
    <h2 id="accounts">Accounts</h2>
    <p>By identity, not by counting: each acknowledged id was looked up where it must have ended.</p>
    ${rows.length > 0 ? table("Where everything acknowledged ended", heads, rows) : html`<p>Nothing was looked up.</p>`}
  </section>`;
}

/** Declared losses of the translation, those of one kind together. */
export function losses({ losses: all }: Evidence): Html {
  const groups = new Map<string, DeclaredLoss[]>();
  for (const loss of all) {
    const key = `${loss.target} ${loss.code}`;
    groups.set(key, [...(groups.get(key) ?? []), loss]);
  }
  const rows = [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map(
      ({ target, code, field, kind, because }) =>
        html`<tr>
          <th scope="row"><code>${code}</code></th>
          <td>${target}</td>
          <td>${kind}</td>
          <td><code>${field}</code> of ${[...new Set(group.map(({ service }) => service))].join(", ")}</td>
          <td class="words">${because}</td>
        </tr>`,
    ),
  );
  const heads = ["Loss", "Target", "Kind", "Where", "Why, and what it means"];
  return html`<section aria-labelledby="losses">
    <h2 id="losses">Declared losses</h2>
    ${
      rows.length > 0
        ? table("What the translation says less exactly, or not at all", heads, rows, "losses")
        : html`<p>None: both forms say the same.</p>`
    }
  </section>`;
}

export function rerun({ rerun: command, versions, schema }: Evidence): Html {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return html`<section aria-labelledby="rerun">
    <h2 id="rerun">Run it again</h2>
    <pre tabindex="0"><code>${command}</code></pre>
    <p class="quiet">
      ${[...list, `evidence schema ${schema}`].join(" · ")}. The data of this page is in it, as JSON, in the element
      <code>#evidence</code>.
    </p>
  </section>`;
}
