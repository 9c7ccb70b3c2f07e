/** A labelled field with its hint and its fault, tied together for whoever can't see that they are. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { Problem } from "../http/problem.ts";

export interface FieldParts {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** Name of the field in the service's refusals. */
  readonly path: string;
  readonly problem: Problem | undefined;
}

export interface Described {
  readonly invalid: "true" | "false";
  readonly describedBy: string | typeof nothing;
}

/** @param control makes the input, with what its attributes must say */
export function field(
  { id, label, hint, path, problem }: FieldParts,
  control: (described: Described) => TemplateResult,
): TemplateResult {
  const fault = problem?.fields[path];
  const ids = [...(hint === undefined ? [] : [`${id}-hint`]), ...(fault === undefined ? [] : [`${id}-fault`])];
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${control({
      invalid: fault === undefined ? "false" : "true",
      describedBy: ids.length > 0 ? ids.join(" ") : nothing,
    })}
    ${hint === undefined ? nothing : html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${fault === undefined ? nothing : html`<p class="fault" id=${`${id}-fault`}>${fault}</p>`}
  </div>`;
}

/** After a refusal: the first field that is wrong, or else what says so. */
export function focusFault(form: HTMLFormElement): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus()),
  );
}

/** A field's text. */
export function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value : "";
}
