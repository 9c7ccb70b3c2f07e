/** A stage without anything behind it: its time is counted, its traffic is drawn from a seeded generator. */
import type { Problem, Seconds } from "../../../platform/model/types.ts";
import {
  type Account,
  type SeriesPoint,
  type SideSamples,
  type Stage,
  StageError,
  type Weights,
  type Window,
} from "../../../targets/migration/stage.ts";

export interface SideBehaviour {
  /** Median latency in milliseconds. */
  readonly latency: number;
  /** Chance (0–1) that a request fails. */
  readonly errors: number;
}

export type Call = Exclude<keyof Stage, "name" | "timeScale" | "series">;

export interface SimulationOptions {
  readonly from: string;
  readonly to: string;
  readonly requestsPerSecond?: number;
  readonly sides?: Readonly<Record<string, SideBehaviour>>;
  readonly problems?: readonly Problem[];
  /** Throws at this call (counted by call, from 0). */
  readonly failAt?: { readonly call: Call; readonly nth: number };
  readonly lost?: number;
  /** Sees every call; may abort, or change what reads back. */
  readonly onCall?: (call: Call, nth: number) => void;
  readonly readBack?: (set: Weights, nth: number) => Weights;
  readonly gapsAfter?: number;
  readonly seed?: number;
}

export interface Simulation extends Stage {
  readonly calls: readonly string[];
  readonly now: () => number;
  readonly actualWeights: () => Weights;
  readonly closed: () => number;
}

const START = Date.UTC(2026, 10, 24, 9, 30);
const HEALTHY: SideBehaviour = { latency: 6, errors: 0 };

export function simulate(options: SimulationOptions): Simulation {
  const { from, to, requestsPerSecond = 200, sides = {}, failAt, lost = 0, seed = 7 } = options;
  const random = generator(seed);
  const series: SeriesPoint[] = [];
  const calls: string[] = [];
  const counts = new Map<Call, number>();
  let now = START;
  let weights: Weights = { [from]: 100, [to]: 0 };
  let loaded = false;
  let marked = now;
  let window: Record<string, { times: number[]; errors: number }> = {};
  let updates = 0;
  let closed = 0;

  /** One second of traffic, split by weight. */
  const tick = (): void => {
    now += 1000;
    if (!loaded) return;
    const point: Record<string, SideSamples> = {};
    for (const side of [from, to]) {
      const { latency, errors } = sides[side] ?? HEALTHY;
      const exact = (requestsPerSecond * (weights[side] ?? 0)) / 100;
      const requests = Math.floor(exact + random());
      const times = Array.from(
        { length: requests },
        () => latency * (0.6 + 0.5 * random() - 0.35 * Math.log(random() + 1e-9)),
      );
      const failed = times.filter(() => random() < errors).length;
      point[side] = samples(times, failed);
      const seen = (window[side] ??= { times: [], errors: 0 });
      seen.times.push(...times);
      seen.errors += failed;
    }
    updates += 40;
    series.push({ at: now, weights, sides: point, streamUpdates: 40 });
  };
  const pass = (seconds: number): void => {
    for (let left = seconds; left > 0; left--) tick();
  };
  const enter = (call: Call, detail = ""): void => {
    const nth = counts.get(call) ?? 0;
    counts.set(call, nth + 1);
    calls.push(detail ? `${call} ${detail}` : call);
    options.onCall?.(call, nth);
    if (failAt?.call === call && failAt.nth === nth) throw new StageError(`simulated failure of ${call}`);
  };

  /* The contract is asynchronous; an async function turns a throw into a rejection. */
  /* eslint-disable @typescript-eslint/require-await */
  return {
    name: "simulated",
    timeScale: 20,
    calls,
    now: () => (now += 1),
    actualWeights: () => weights,
    closed: () => closed,
    async preflight() {
      enter("preflight");
      return options.problems ?? [];
    },
    async open(report) {
      enter("open");
      report(`Postgres, Redis and Kafka are up; ${from} runs 6 replicas.`);
      pass(8);
      loaded = true;
    },
    async deploy(side, report) {
      enter("deploy", side);
      pass(6);
      report(`${side}: 6 of 6 replicas ready.`);
    },
    async smoke(side, report) {
      enter("smoke", side);
      pass(1);
      report(`${side}: read, write, read back and a stream update.`);
    },
    async scale(side, share) {
      enter("scale", `${side} ${share}`);
      pass(2);
    },
    async moveWorkers(side, report) {
      enter("moveWorkers", side);
      pass(4);
      report(`The consumer group's members run on ${side}.`);
    },
    async shift(set) {
      const nth = counts.get("shift") ?? 0;
      enter("shift", JSON.stringify(set));
      weights = options.readBack?.(set, nth) ?? set;
      return weights;
    },
    async weights() {
      enter("weights");
      return weights;
    },
    async mark() {
      enter("mark");
      marked = now;
      window = {};
      updates = 0;
    },
    async window(): Promise<Window> {
      enter("window");
      const gaps = options.gapsAfter !== undefined && now - START > options.gapsAfter * 1000 ? 3 : 0;
      return {
        seconds: Math.round((now - marked) / 1000),
        sides: Object.fromEntries(Object.entries(window).map(([side, w]) => [side, samples(w.times, w.errors)])),
        streamGaps: gaps,
        streamDoubles: 0,
        streamUpdates: updates,
        consumerLag: Math.floor(random() * 30),
      };
    },
    async wait(seconds: Seconds, signal) {
      enter("wait");
      signal.throwIfAborted();
      pass(seconds);
    },
    async retire(side) {
      enter("retire", side);
      pass(2);
    },
    async account(): Promise<Account[]> {
      enter("account");
      loaded = false;
      const requests = series.reduce(
        (sum, { sides }) => sum + Object.values(sides).reduce((n, s) => n + s.requests, 0),
        0,
      );
      const row = (subject: Account["subject"], what: string, acknowledged: number, missing = 0): Account => ({
        ...{ subject, what, acknowledged, lost: missing, doubled: 0 },
        examples: missing > 0 ? ["3f0e6a52-6f0e-4d7b-9a53-0d7c62a1f001"] : [],
      });
      return [
        row("requests", "requests answered exactly once", requests),
        row("writes", "acknowledged watchlists looked up in Postgres", Math.floor(requests / 10), lost),
        row("feed", "trades of the feed looked up in Postgres", series.length * 40),
        row("stream", "updates that 20 subscribers should have had", series.length * 800),
      ];
    },
    series: () => series,
    async close() {
      closed += 1;
      enter("close");
    },
  };
  /* eslint-enable @typescript-eslint/require-await */
}

export function samples(times: readonly number[], errors: number): SideSamples {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number | null =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { requests: times.length, errors, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
