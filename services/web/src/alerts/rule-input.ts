/** The rule that a form's fields stand for, or what is wrong with them: said before a request is made. */
import type { Kind, NewAlertRule } from "../http/shapes.ts";

export interface RuleFields {
  readonly kind: Kind;
  readonly subject: string;
  readonly direction: string;
  readonly threshold: string;
  readonly hysteresis: string;
  readonly cooldownMinutes: string;
  readonly windowMinutes: string;
}

export type RuleInput =
  | { readonly ok: true; readonly rule: NewAlertRule }
  | { readonly ok: false; readonly fields: Readonly<Record<string, string>> };

const UNSIGNED = /^\d{1,20}(\.\d{1,18})?$/;
const SIGNED = /^-?\d{1,20}(\.\d{1,18})?$/;
const WEEK_MINUTES = 10_080;
const DAY_MINUTES = 1_440;

/** Names of fields as the service has them, so that its refusals find them too. */
export function readRule(input: RuleFields): RuleInput {
  const { kind, subject } = input;
  const threshold = decimalOf(input.threshold);
  const hysteresis = decimalOf(input.hysteresis) || "0";
  const fields: Record<string, string> = {};
  const note = (field: string, fault: string | undefined): void => {
    if (fault !== undefined) fields[field] = fault;
  };

  note("subject", subject === "" ? "choose a coin" : undefined);
  note("threshold", thresholdFault(kind, threshold));
  note("hysteresis", hysteresisFault(kind, hysteresis));
  const cooldown = minutes(input.cooldownMinutes, 0, WEEK_MINUTES);
  note("cooldownSeconds", cooldown === undefined ? `must be minutes, 0 to ${WEEK_MINUTES}` : undefined);
  const window = kind === "change" ? minutes(input.windowMinutes, 1, DAY_MINUTES) : 1;
  note("windowSeconds", window === undefined ? `must be minutes, 1 to ${DAY_MINUTES}` : undefined);

  if (Object.keys(fields).length > 0 || cooldown === undefined || window === undefined) return { ok: false, fields };
  return {
    ok: true,
    rule: {
      kind,
      subject,
      direction: input.direction === "below" ? "below" : "above",
      threshold,
      hysteresis,
      cooldownSeconds: cooldown * 60,
      ...(kind === "change" ? { windowSeconds: window * 60 } : {}),
      enabled: true,
    },
  };
}

/** As people type them: with spaces, a typographic minus, `.5`, and commas between thousands. */
function decimalOf(text: string): string {
  const plain = text.trim().replace("−", "-").replace(/\s/g, "");
  const ungrouped = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain) ? plain.replaceAll(",", "") : plain;
  return ungrouped.replace(/^(-?)\./, "$10.");
}

function thresholdFault(kind: Kind, text: string): string | undefined {
  const amount = Number(text);
  switch (kind) {
    case "price":
      return UNSIGNED.test(text) && amount > 0 ? undefined : "must be a price above zero, like 65000.50";
    case "change":
      return SIGNED.test(text) && amount !== 0 && amount >= -100 && amount <= 1_000_000
        ? undefined
        : "must be percent and not zero, like 5 or -5";
    case "sentiment":
      return SIGNED.test(text) && amount >= -1 && amount <= 1 ? undefined : "must be from -1 to 1, like 0.4";
  }
}

function hysteresisFault(kind: Kind, text: string): string | undefined {
  if (!UNSIGNED.test(text)) return "must be a number, not below zero";
  return kind === "sentiment" && Number(text) > 2 ? "must be from 0 to 2" : undefined;
}

function minutes(text: string, least: number, most: number): number | undefined {
  const count = /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return count >= least && count <= most ? count : undefined;
}
