/** A refusal, as every form and list shows it. */
import { html, nothing, type TemplateResult } from "lit-html";
import { faultsBeyond, type Problem } from "../http/problem.ts";
import type { Submission } from "../state/submission.ts";

/** @param fields those that show their own faults */
export function problemNotice(
  problem: Problem | undefined,
  fields: readonly string[] = [],
): TemplateResult | typeof nothing {
  if (!problem) return nothing;
  const others = faultsBeyond(problem, fields);
  return html`<div class="notice bad" role="alert">
    <p><strong>${problem.title}.</strong> ${problem.detail ?? ""}</p>
    ${
      others.length > 0
        ? html`<ul>
            ${others.map((fault) => html`<li>${fault}</li>`)}
          </ul>`
        : nothing
    }
    ${
      problem.requestId === undefined
        ? nothing
        : html`<p class="quiet">If you ask for help, name request <code>${problem.requestId}</code>.</p>`
    }
  </div>`;
}

export function outcome(submission: Submission, fields: readonly string[] = []): TemplateResult {
  return html`${problemNotice(submission.problem, fields)}
  ${submission.done === undefined ? nothing : html`<p class="notice good" role="status">${submission.done}</p>`}`;
}
