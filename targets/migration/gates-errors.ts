/** Checks on error rates: of the judged side alone, against the old side, and of the old side as a neighbour. */
import type { Check, CheckState, Evidence } from "./gates-types.ts";
import { rateAtLeast, rateAtMost } from "./gates-statistics.ts";
import type { SideSamples } from "./stage.ts";

/** Percent with as many digits as tell something. */
export function percent(rate: number): string {
  const value = rate * 100;
  return `${value === 0 || value >= 10 ? value.toFixed(1) : value.toPrecision(2)} %`;
}

const failed = ({ errors, requests }: SideSamples): string => `${errors} of ${requests} requests failed`;

/** The judged side against the objective. */
export function availabilityChecks({ gate, samples, side, window }: Evidence): Check[] {
  const { errors, requests } = samples;
  const { confidence, availability } = gate.limits;
  const budget = (100 - availability) / 100;
  const least = rateAtLeast(errors, requests, confidence.fail);
  const most = rateAtMost(errors, requests, confidence.pass);
  const ratio = requests > 0 ? errors / requests : null;
  const baking = window.seconds < gate.bake;
  return [
    {
      name: "availability",
      measured: ratio === null ? null : 100 * (1 - ratio),
      relation: "≥",
      limit: availability,
      unit: "%",
      state: baking || ratio === null || ratio > budget ? undecided(ratio !== null && ratio <= budget) : "pass",
      sentence:
        ratio === null
          ? `${side} answered nothing, so its availability is unknown; ${availability} % is the objective.`
          : `${side}: ${failed(samples)}, availability ${percent(1 - ratio)}; ${availability} % is the objective.`,
    },
    {
      name: "errors, at least",
      measured: 100 * least,
      relation: "≤",
      limit: 100 - availability,
      unit: "%",
      state: least > budget ? "fail" : "pass",
      sentence: `${side}: ${failed(samples)}, so at least ${percent(least)} do; ${percent(budget)} is the error budget.`,
    },
    {
      name: "errors, at most",
      measured: 100 * most,
      relation: "≤",
      limit: gate.tolerance,
      unit: "%",
      state: 100 * most > gate.tolerance ? "wait" : "pass",
      sentence:
        `${side}: ${failed(samples)}, so up to ${percent(most)} may; ` +
        `with ${gate.share} % of the traffic at stake, ${gate.tolerance} % must be excluded.`,
    },
  ];
}

/** While it bakes, a figure that holds is no reason to wait of its own. */
const undecided = (holds: boolean): CheckState => (holds ? "pass" : "wait");

/** Is the new side worse than the old one, and does the old one suffer from its neighbour (shared stores)? */
export function neighbourChecks({ gate, context, samples, window, side }: Evidence): Check[] {
  if (gate.judged === "from") return [];
  const { confidence, availability, errorsOverOld } = gate.limits;
  const old = window.sides[context.from];
  const now = old && old.requests >= gate.minSamples;
  const reference = now ? old : context.baseline?.requests ? context.baseline : null;
  const least = rateAtLeast(samples.errors, samples.requests, confidence.fail);
  const most = reference ? rateAtMost(reference.errors, reference.requests, confidence.pass) : null;
  const limit = most === null ? null : most + errorsOverOld / 100;
  const oldLeast = old ? rateAtLeast(old.errors, old.requests, confidence.fail) : 0;
  const budget = (100 - availability) / 100;
  return [
    {
      name: "errors against the old side",
      measured: 100 * least,
      relation: "≤",
      limit: limit === null ? null : 100 * limit,
      unit: "%",
      state: limit === null ? "wait" : least > limit ? "fail" : "pass",
      sentence:
        most === null
          ? `There are no figures of ${context.from} to compare with.`
          : `At least ${percent(least)} of ${side}'s requests fail, at most ${percent(most)} of ${context.from}'s` +
            (now ? "" : " when it last carried enough") +
            `; ${errorsOverOld} % more is the limit.`,
    },
    {
      name: "errors of the old side",
      measured: 100 * oldLeast,
      relation: "≤",
      limit: 100 - availability,
      unit: "%",
      state: !old || old.requests === 0 ? "skip" : oldLeast > budget ? "fail" : "pass",
      sentence: old
        ? `${context.from} beside it: ${failed(old)}, so at least ${percent(oldLeast)} do.`
        : `${context.from} carried nothing in this window.`,
    },
  ];
}
