/** The steps of a migration, as a list that fills while it goes on; what it will not come to any more is left out. */
import { html, nothing, type TemplateResult } from "lit-html";
import { span } from "../format.ts";
import type { Step } from "./overview.ts";

const MARKS: Readonly<Record<Step["state"], readonly [glyph: string, word: string]>> = {
  waiting: ["○", "to come"],
  running: ["●", "under way"],
  done: ["✓", "done"],
  failed: ["✗", "failed"],
  skipped: ["–", "not reached"],
};

export function stepList(steps: readonly Step[]): TemplateResult {
  return html`<ol class="steps">
    ${steps.filter(({ state }) => state !== "skipped").map(stepItem)}
  </ol>`;
}

function stepItem({ title, state, says, seconds }: Step): TemplateResult {
  const [glyph, word] = MARKS[state];
  // What a step said counts while it goes on, or when it is why it failed.
  const isTold = says !== null && (state === "running" || state === "failed");
  return html`<li data-is=${state} aria-current=${state === "running" ? "step" : nothing}>
    <span class="mark" aria-hidden="true">${glyph}</span>
    <span class="what">${title} <span class="unseen">(${word})</span></span>
    <span class="quiet number">${seconds === null || seconds < INSTANT ? "" : took(seconds)}</span>
    ${isTold ? html`<span class="says quiet">${says}</span>` : nothing}
  </li>`;
}

/** Not worth a figure; seconds. */
const INSTANT = 0.1;

/** Most steps are over within seconds. */
function took(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : span(seconds);
}

/** `7 of 23 steps done` */
export function tally(steps: readonly Step[]): string {
  const counted = steps.filter(({ state }) => state !== "skipped");
  const done = counted.filter(({ state }) => state === "done").length;
  return `${done} of ${counted.length} steps done`;
}
