import { html, type TemplateResult } from "lit-html";
import { ago } from "../format.ts";
import type { Page } from "../shell/page.ts";
import { problemNotice } from "../shell/problem.ts";
import { createLoader } from "../state/loadable.ts";
import { readOverview, serviceNames, shareOf, type Side, type SystemOverview } from "./overview.ts";

export interface SystemParts {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly told: () => void;
}

const EVERY_MS = 2_000;

export function systemPage({ fetch, now, told }: SystemParts): Page {
  const loader = createLoader<SystemOverview | null>(told);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isHere = false;

  async function look(): Promise<void> {
    await loader.load(async () => (await readOverview(fetch)) ?? null);
    // A stack that has no overview won't get one while the page is open.
    if (isHere && loader.state.value !== null) timer = setTimeout(() => void look(), EVERY_MS);
  }

  return {
    title: () => "System",
    enter: () => {
      isHere = true;
      void look();
    },
    leave: () => {
      isHere = false;
      clearTimeout(timer);
    },
    view: () => {
      const { value, problem } = loader.state;
      if (value) return html`${problemNotice(problem)}${overview(value, now())}`;
      if (problem) return problemNotice(problem) as TemplateResult;
      if (value === undefined) return html`<p class="quiet">Loading…</p>`;
      return html`<p class="notice">
        Not available here. This page follows a migration on the platform’s own machine: start it with
        <code>npm start</code> or watch a rehearsal. A deployed stack shows the same in its cloud’s console.
      </p>`;
    },
  };
}

function overview({ sides, phase, time }: SystemOverview, now: number): TemplateResult {
  return html`
    <p class="lead">${phase === null ? "No migration runs." : html`Under way: <strong>${phase}</strong>.`}</p>
    <section aria-labelledby="traffic">
      <h2 id="traffic">Traffic</h2>
      <ul class="shares">
        ${sides.map((side) => share(side, sides))}
      </ul>
    </section>
    <section aria-labelledby="replicas">
      <h2 id="replicas">Replicas</h2>
      <div class="scroller" tabindex="0" role="region" aria-labelledby="replicas-caption">
        <table>
          <caption id="replicas-caption">
            Ready of wanted, by service and side; as of ${ago(time, now)}
          </caption>
          <thead>
            <tr>
              <th scope="col">Service</th>
              ${sides.map(({ name, target }) => html`<th scope="col" class="number">${name} (${target})</th>`)}
            </tr>
          </thead>
          <tbody>
            ${serviceNames(sides).map(
              (name) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  ${sides.map((side) => replicas(side, name))}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>
  `;
}

function share(side: Side, sides: readonly Side[]): TemplateResult {
  const value = shareOf(side, sides);
  const id = `share-${side.name}`;
  return html`<li>
    <label for=${id}><strong>${side.name}</strong> on ${side.target}</label>
    <meter id=${id} min="0" max="100" .value=${value}></meter>
    <span class="number">${Math.round(value)} %</span>
  </li>`;
}

function replicas({ services }: Side, name: string): TemplateResult {
  const found = services.find((service) => service.name === name);
  if (!found) return html`<td class="number quiet">–</td>`;
  const { ready, wanted } = found;
  return html`<td class="number ${ready < wanted ? "down" : ""}">${ready} of ${wanted}</td>`;
}
