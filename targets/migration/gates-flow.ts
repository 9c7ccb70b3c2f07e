/** Checks on what flows: requests to the judged side, updates to subscribers, messages to consumers. */
import type { Check, Evidence } from "./gates-types.ts";
import { percent } from "./gates-errors.ts";

/** Enough requests, and as many of them as the weights say. */
export function sampleChecks({ gate, context, samples, window, side }: Evidence): Check[] {
  const all = Object.values(window.sides).reduce((sum, { requests }) => sum + requests, 0);
  const total = Object.values(context.weights).reduce((sum, weight) => sum + weight, 0);
  const weight = total > 0 ? (context.weights[side] ?? 0) / total : 0;
  const share = all > 0 ? samples.requests / all : null;
  const slack =
    all > 0
      ? 5 * Math.sqrt((weight * (1 - weight)) / all) + gate.limits.shareSlack / 100
      : gate.limits.shareSlack / 100;
  const off = share === null ? null : Math.abs(share - weight);
  return [
    {
      name: "samples",
      measured: samples.requests,
      relation: "≥",
      limit: gate.minSamples,
      unit: "requests",
      state: samples.requests >= gate.minSamples ? "pass" : "wait",
      sentence: `${side} had ${samples.requests} requests; a verdict needs ${gate.minSamples}.`,
    },
    {
      name: "distance from the weight",
      measured: off === null ? null : 100 * off,
      relation: "≤",
      limit: 100 * slack,
      unit: "%",
      state: off !== null && weight > 0 && off <= slack ? "pass" : "wait",
      sentence:
        share === null
          ? `There were no requests at all.`
          : `${side} got ${percent(share)} of the requests with a weight of ${percent(weight)}.`,
    },
  ];
}

/** WebSocket updates: they flow, none is missing, none came twice. A gap may still be filled; a double stays one. */
export function streamChecks({ gate, window }: Evidence): Check[] {
  const { streamGaps, streamDoubles, streamUpdates } = window;
  const least = gate.limits.streamUpdates;
  return [
    {
      name: "stream updates",
      measured: streamUpdates,
      relation: "≥",
      limit: least,
      unit: "updates",
      state: streamUpdates >= least ? "pass" : "wait",
      sentence: `Subscribers had ${streamUpdates} updates in this window; at least ${least} must flow.`,
    },
    {
      name: "stream gaps",
      measured: streamGaps,
      relation: "≤",
      limit: 0,
      unit: "updates",
      state: streamGaps > 0 ? "wait" : "pass",
      sentence: `Subscribers miss ${streamGaps} updates.`,
    },
    {
      name: "stream doubles",
      measured: streamDoubles,
      relation: "≤",
      limit: 0,
      unit: "updates",
      state: streamDoubles > 0 ? "fail" : "pass",
      sentence: `Subscribers had ${streamDoubles} updates twice.`,
    },
  ];
}

/** Consumers keep up. A rebalance lets the lag rise and fall, or hides it for a while: it may take until patience ends. */
export function lagChecks({ gate, window: { consumerLag } }: Evidence): Check[] {
  const limit = gate.limits.consumerLag;
  return [
    {
      name: "consumer lag",
      measured: consumerLag,
      relation: "≤",
      limit,
      unit: "messages",
      state: consumerLag !== null && consumerLag <= limit ? "pass" : "wait",
      sentence:
        consumerLag === null
          ? "The consumer group's lag could not be read."
          : `The consumer group is ${consumerLag} messages behind; ${limit} is the limit.`,
    },
  ];
}

/** The platform's own alarms. What wakes somebody at night is no state to go on in. */
export function alarmChecks({ window: { alarms } }: Evidence): Check[] {
  if (alarms === undefined) return [];
  return [
    {
      name: "alarms",
      measured: alarms.length,
      relation: "≤",
      limit: 0,
      unit: "alarms",
      state: alarms.length > 0 ? "fail" : "pass",
      sentence: alarms.length > 0 ? `On: ${alarms.join(", ")}.` : "No alarm is on.",
    },
  ];
}
