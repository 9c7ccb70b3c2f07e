/** What a rehearsal runs on. The plan, the gates and the evidence are the same on every stage. */
import type { Problem, Seconds } from "../../platform/model/types.ts";

/** Weight of each side in what the load balancer forwards, 0–999 as an ALB counts; they sum to 100 here. */
export type Weights = Readonly<Record<string, number>>;

/** What one side did in a window, as the load balancer and the probes saw it. */
export interface SideSamples {
  readonly requests: number;
  /** Answers with 5xx, by the target or by the load balancer for want of one, and connections that failed. */
  readonly errors: number;
  /** Of the answered requests, in milliseconds; null with no request. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Everything a gate judges: both sides over the same window, and what has no side. */
export interface Window {
  /** Model seconds since the mark, as the plan counts its bake time. */
  readonly seconds: Seconds;
  readonly sides: Readonly<Record<string, SideSamples>>;
  /** WebSocket updates that a subscriber should have had and has not, or had twice, so far. */
  readonly streamGaps: number;
  readonly streamDoubles: number;
  readonly streamUpdates: number;
  /** Messages between the end of the log and what the consumer group has committed; null when it could not be read. */
  readonly consumerLag: number | null;
  /** Alarms of the platform's own that are on, by name; absent where a stage has none. */
  readonly alarms?: readonly string[];
}

/** Where everything acknowledged must have ended, looked up by identity. */
export interface Account {
  readonly subject: "writes" | "feed" | "stream" | "requests" | "alerts" | "sentiment";
  /** What a "one" of it is, for people: `acknowledged watchlists looked up in Postgres`. */
  readonly what: string;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  /** The first few ids that are lost or doubled. */
  readonly examples: readonly string[];
}

/** A point of the charts: one second of one side. */
export interface SeriesPoint {
  /** Unix time in milliseconds, at the end of the second. */
  readonly at: number;
  readonly weights: Weights;
  readonly sides: Readonly<Record<string, SideSamples>>;
  readonly streamUpdates: number;
}

/**
 * A lasting stage is told the same thing twice when a process died in the middle of it: each of its calls brings about a
 * state, and finds it there the second time.
 */
export interface Stage {
  readonly name: string;
  /** What it starts outlives this process. @default false */
  readonly lasting?: boolean;
  /** How many model seconds pass in one real second (1 on AWS). Stated in the evidence. */
  readonly timeScale: number;
  /** Refuses what cannot work before anything is started. */
  preflight(report: (line: string) => void): Promise<readonly Problem[]>;
  /** Brings up, or finds, the shared foundation and the side that carries the traffic today, and starts the load. */
  open(report: (line: string) => void): Promise<void>;
  /** Brings up a side without traffic; resolves when it is steady. @throws StageError when it never is */
  deploy(side: string, report: (line: string) => void): Promise<void>;
  /** Requests to a side by the trial header, before it has any weight. @throws StageError with what failed */
  smoke(side: string, report: (line: string) => void): Promise<void>;
  /** Gives a side the replicas for its coming share of the traffic (0–100). */
  scale(side: string, share: number, report: (line: string) => void): Promise<void>;
  /** Moves all workers or those named, which no weight reaches, by replica counts within one consumer group. */
  moveWorkers(to: string, report: (line: string) => void, only: readonly string[] | null): Promise<void>;
  /** Sets the weights and returns them as read back from the load balancer. */
  shift(weights: Weights): Promise<Weights>;
  weights(): Promise<Weights>;
  /** Begins a new window. */
  mark(): Promise<void>;
  /** What happened since the mark, without ending the window. */
  window(): Promise<Window>;
  /** Real time for so many model seconds. @throws AbortError when the signal fires */
  wait(seconds: Seconds, signal: AbortSignal): Promise<void>;
  /** Stops a side that carries nothing any more, gracefully. */
  retire(side: string, report: (line: string) => void): Promise<void>;
  /** Ends the load, lets everything settle and looks up every acknowledged id. */
  account(report: (line: string) => void): Promise<readonly Account[]>;
  series(): readonly SeriesPoint[];
  /** Leaves nothing running; called whatever happened, twice is harmless. */
  close(): Promise<void>;
}

/** A step of a stage that failed; `detail` says which thing and how, in one or a few sentences. */
export class StageError extends Error {
  override readonly name = "StageError";
}
