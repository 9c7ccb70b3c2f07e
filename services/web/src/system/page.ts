import { html, nothing, type TemplateResult } from "lit-html";
import { ago } from "../format.ts";
import type { Page } from "../shell/page.ts";
import { problemNotice } from "../shell/problem.ts";
import { createLoader } from "../state/loadable.ts";
import { readOverview, shareOf, type Side, sideTitle, type SystemOverview } from "./overview.ts";
import { replicaTable } from "./replicas.ts";
import { stepList, tally } from "./steps.ts";

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
      if (value) return html`${problemNotice(problem)}${overview(value, ago(value.time, now()))}`;
      if (problem) return problemNotice(problem) as TemplateResult;
      if (value === undefined) return html`<p class="quiet">Loading…</p>`;
      return html`<p class="notice">
        Not available here. This page follows a migration on the platform’s own machine: start it with
        <code>npm start</code> or watch a rehearsal. A deployed stack shows the same in its cloud’s console.
      </p>`;
    },
  };
}

function overview({ sides, phase, steps = [] }: SystemOverview, age: string): TemplateResult {
  return html`
    <p class="lead">${phase === null ? "No migration runs." : html`Migration: <strong>${phase}</strong>.`}</p>
    <section aria-labelledby="traffic">
      <h2 id="traffic">Traffic</h2>
      ${
        sides.length === 0
          ? html`<p class="quiet">No side is up yet.</p>`
          : html`<ul class="shares">
              ${sides.map((side) => share(side, sides))}
            </ul>`
      }
    </section>
    <div class="abreast">
      <section aria-labelledby="replicas">
        <h2 id="replicas">Replicas</h2>
        ${replicaTable(sides, age)}
      </section>
      ${
        steps.length === 0
          ? nothing
          : html`<section aria-labelledby="steps">
              <h2 id="steps">Steps</h2>
              <p class="quiet">${tally(steps)}</p>
              ${stepList(steps)}
            </section>`
      }
    </div>
  `;
}

function share(side: Side, sides: readonly Side[]): TemplateResult {
  const value = shareOf(side, sides);
  const id = `share-${side.name}`;
  return html`<li>
    <label for=${id}><strong>${sideTitle(side)}</strong></label>
    <meter id=${id} min="0" max="100" .value=${value}></meter>
    <span class="number">${Math.round(value)} %</span>
  </li>`;
}
