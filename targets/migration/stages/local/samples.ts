/** Results of requests, as the load balancer saw them → figures of each side, a window and a second at a time. */
import type { RequestResult } from "../../../local/router/index.ts";
import type { SideSamples } from "../../stage.ts";

export interface Samples {
  readonly record: (result: RequestResult) => void;
  /** Begins a new window. */
  mark(): void;
  /** Real milliseconds since the mark. */
  sinceMark(): number;
  /** Since the mark; every side named is there, also without a request. */
  window(sides: readonly string[]): Readonly<Record<string, SideSamples>>;
  /** Since the last call of this function. */
  slice(sides: readonly string[]): Readonly<Record<string, SideSamples>>;
  /** Of everything ever recorded, requests that were answered. */
  total(): number;
}

interface Tally {
  requests: number;
  errors: number;
  /** Milliseconds of what was answered, upgrades apart: a WebSocket's answer is not a page's. */
  readonly milliseconds: number[];
}

/** A client that left before it was answered says nothing about the side. @source ALB guide, "HTTP 460" */
const CLIENT_LEFT = 460;

/** `sideOf` tells a target group's side; null for what belongs to none. */
export function createSamples(sideOf: (group: string) => string | null): Samples {
  let marked = performance.now();
  let total = 0;
  let window = new Map<string, Tally>();
  let slice = new Map<string, Tally>();
  const tallyIn = (tallies: Map<string, Tally>, side: string): Tally => {
    const known = tallies.get(side) ?? { requests: 0, errors: 0, milliseconds: [] };
    tallies.set(side, known);
    return known;
  };
  return {
    record: ({ group, status, milliseconds, kind }) => {
      const side = group === null ? null : sideOf(group);
      if (side === null || status === CLIENT_LEFT) return;
      total += 1;
      for (const tallies of [window, slice]) {
        const tally = tallyIn(tallies, side);
        tally.requests += 1;
        if (status >= 500) tally.errors += 1;
        else if (kind === "http") tally.milliseconds.push(milliseconds);
      }
    },
    mark: () => {
      window = new Map();
      marked = performance.now();
    },
    sinceMark: () => performance.now() - marked,
    window: (sides) => figures(window, sides),
    slice: (sides) => {
      const done = figures(slice, sides);
      slice = new Map();
      return done;
    },
    total: () => total,
  };
}

function figures(tallies: ReadonlyMap<string, Tally>, sides: readonly string[]): Readonly<Record<string, SideSamples>> {
  return Object.fromEntries(
    sides.map((side) => {
      const { requests = 0, errors = 0, milliseconds = [] } = tallies.get(side) ?? {};
      const sorted = milliseconds.toSorted((a, b) => a - b);
      return [
        side,
        { requests, errors, p50: percentile(sorted, 50), p95: percentile(sorted, 95), p99: percentile(sorted, 99) },
      ];
    }),
  );
}

/** Nearest rank: the smallest value that so many percent do not exceed. */
function percentile(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;
}
