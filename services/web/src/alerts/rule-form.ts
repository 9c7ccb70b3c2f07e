/** The form for a new rule; which fields it has depends on what is watched. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { Kind, NewAlertRule } from "../http/shapes.ts";
import type { Problem } from "../http/problem.ts";
import type { Coin } from "../prices/board.ts";
import { type Described, field, focusFault, textOf } from "../shell/field.ts";
import { outcome } from "../shell/problem.ts";
import type { FormSubmission } from "../state/submission.ts";
import { readRule } from "./rule-input.ts";

export interface RuleFormParts {
  readonly submission: FormSubmission;
  readonly coins: () => readonly Coin[];
  readonly create: (rule: NewAlertRule) => Promise<boolean>;
  readonly told: () => void;
}

const KINDS: readonly (readonly [Kind, string])[] = [
  ["price", "Price"],
  ["change", "Change of price"],
  ["sentiment", "Sentiment"],
];

const THRESHOLDS = {
  price: { label: "Price", hint: "In the coin’s currency, like 65000." },
  change: { label: "Change in percent", hint: "Against the price at the window’s beginning; −5 for a fall." },
  sentiment: { label: "Mean score", hint: "Of the last hour’s posts, from −1 to 1." },
} as const;

const FIELDS = ["subject", "threshold", "hysteresis", "cooldownSeconds", "windowSeconds"];

export function createRuleForm({ submission, coins, create, told }: RuleFormParts): () => TemplateResult {
  let kind: Kind = "price";

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const data = new FormData(form);
    const text = (name: string): string => textOf(data, name);
    const read = readRule({
      kind,
      subject: text("subject"),
      direction: text("direction"),
      threshold: text("threshold"),
      hysteresis: text("hysteresis"),
      cooldownMinutes: text("cooldown"),
      windowMinutes: text("window"),
    });
    if (!read.ok) submission.refuse(unfit(read.fields));
    const isMade = read.ok && (await create(read.rule));
    if (isMade) form.reset();
    else focusFault(form);
  }

  return () => {
    const { problem, busy } = submission.state;
    const pick = ({ target }: Event): void => {
      kind = KINDS.find(([name]) => target instanceof HTMLSelectElement && name === target.value)?.[0] ?? kind;
      submission.reset();
      told();
    };
    return html`<form class="grid" novalidate @submit=${submit} aria-labelledby="new-rule">
      <div class="field">
        <label for="rule-kind">Watch</label>
        <select id="rule-kind" @change=${pick}>
          ${KINDS.map(([name, label]) => html`<option value=${name} ?selected=${name === kind}>${label}</option>`)}
        </select>
      </div>
      ${field({ id: "rule-subject", label: "Coin", path: "subject", problem }, (described) =>
        subjects(kind, coins(), described),
      )}
      <div class="field">
        <label for="rule-direction">When it is</label>
        <select id="rule-direction" name="direction">
          <option value="above">at or above</option>
          <option value="below">at or below</option>
        </select>
      </div>
      ${input({ id: "rule-threshold", name: "threshold", path: "threshold", problem, ...THRESHOLDS[kind] })}
      ${
        kind === "change"
          ? input({
              ...{ id: "rule-window", name: "window", path: "windowSeconds", problem, initial: "60" },
              ...{ label: "Window in minutes", hint: "How far back it is compared." },
            })
          : nothing
      }
      ${input({
        ...{ id: "rule-cooldown", name: "cooldown", path: "cooldownSeconds", problem, initial: "5" },
        ...{ label: "Quiet for, in minutes", hint: "After an alert, before the next one." },
      })}
      ${input({
        ...{ id: "rule-hysteresis", name: "hysteresis", path: "hysteresis", problem, initial: "0" },
        ...{ label: "Must come back by", hint: "How far, before it can fire again. 0: not at all." },
      })}
      <div class="actions">
        <button type="submit" class="primary" ?disabled=${busy}>${busy ? "Saving…" : "Create the rule"}</button>
      </div>
      ${outcome(submission.state, FIELDS)}
    </form>`;
  };
}

function unfit(fields: Readonly<Record<string, string>>): Problem {
  const count = Object.keys(fields).length;
  const detail = count === 1 ? "One field is not valid." : `${count} fields are not valid.`;
  return { title: "The rule is not complete", detail, status: 0, code: "page", fields, requestId: undefined };
}

function subjects(kind: Kind, coins: readonly Coin[], { invalid, describedBy }: Described): TemplateResult {
  return html`<select id="rule-subject" name="subject" aria-invalid=${invalid} aria-describedby=${describedBy}>
    ${coins.map(
      ({ product, symbol, name }) =>
        html`<option value=${kind === "sentiment" ? symbol : product}>
          ${name} (${kind === "sentiment" ? symbol : product})
        </option>`,
    )}
  </select>`;
}

interface InputParts {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly path: string;
  readonly problem: Problem | undefined;
  readonly initial?: string;
}

function input({ name, initial = "", ...parts }: InputParts): TemplateResult {
  return field(
    parts,
    ({ invalid, describedBy }) =>
      html`<input
        id=${parts.id}
        name=${name}
        inputmode="decimal"
        autocomplete="off"
        value=${initial}
        aria-invalid=${invalid}
        aria-describedby=${describedBy}
      />`,
  );
}
