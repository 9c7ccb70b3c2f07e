/** What the stage on AWS needs of the world, as small as it can be said: the real ones are in adapters/, tests bring theirs. */
import type { TrialCheck } from "../../load/trial.ts";
import type { Ledger, StreamStats } from "../../load/load.ts";
import type { Lag } from "../lag.ts";

/** `Pulumi.<stack>.yaml`'s `config`: keys with their namespace, values as YAML has them. */
export type StackConfig = Readonly<Record<string, unknown>>;
export type StackOutputs = Readonly<Record<string, unknown>>;
export type Report = (line: string) => void;

/** Pulumi, by stack name. Every call fails with an EngineError that says in a sentence or two what Pulumi said. */
export interface Engine {
  /** null: there is no such stack. */
  config(stack: string): Promise<StackConfig | null>;
  /** Creates or selects it, and puts this in place of its config. */
  configure(stack: string, config: StackConfig): Promise<void>;
  /** Of its last update; empty where it never was up, is destroyed, or does not exist. */
  outputs(stack: string): Promise<StackOutputs>;
  /** With the policy pack: a mandatory rule that is broken fails it. Resources by what would happen to them. */
  preview(stack: string, report: Report): Promise<Readonly<Record<string, number>>>;
  up(stack: string, report: Report): Promise<StackOutputs>;
  /** Everything that is in it; the stack and its config stay. */
  destroy(stack: string, report: Report): Promise<void>;
  /** Resolves when nothing that was begun goes on any more. */
  idle(): Promise<void>;
}

export class EngineError extends Error {
  override readonly name = "EngineError";
}

/** A rule of a load balancer's listener that forwards. */
export interface ListenerRule {
  readonly priority: number;
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly groups: readonly { readonly arn: string; readonly weight: number }[];
}

export interface LoadBalancers {
  rules(listenerArn: string): Promise<readonly ListenerRule[]>;
  /** How many of a group's targets are in each state: `healthy`, `initial`, `unhealthy`, `draining`, … */
  health(groupArn: string): Promise<Readonly<Record<string, number>>>;
}

export interface WorkloadState {
  readonly name: string;
  readonly desired: number;
  readonly ready: number;
  /** Nothing of an earlier version is left. */
  readonly settled: boolean;
}

/** What runs on a side; `outputs` are its stack's. */
export interface Orchestrators {
  states(side: string, outputs: StackOutputs): Promise<readonly WorkloadState[]>;
}

export interface MetricQuery {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
}

/** One point a minute, at its beginning, in milliseconds; minutes without samples have none. */
export interface MetricSeries {
  /** CloudWatch gave all that it has. */
  readonly complete: boolean;
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

export interface Alarm {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface Metrics {
  /** Of whole minutes, `from` ≤ minute < `to`, in milliseconds. By the query's id. */
  read(queries: readonly MetricQuery[], from: number, to: number): Promise<ReadonlyMap<string, MetricSeries>>;
  alarmsOn(): Promise<readonly Alarm[]>;
}

export interface Brokers {
  readonly lag: Lag;
  close(): Promise<void>;
}

/** Synthetic users, from outside, through whatever real ones come through. */
export interface Probes {
  start(urls: Urls): void;
  stream(): StreamStats;
  /** Tries a side by the value of its trial header. */
  trial(urls: Urls, headerValue: string): Promise<readonly TrialCheck[]>;
  /** Ends reads and writes, waits until subscribers have what was sent, and says which of the acknowledged writes are gone. */
  settle(): Promise<{ readonly ledger: Ledger; readonly missingWrites: readonly string[] }>;
  stop(): Promise<void>;
}

export interface Urls {
  readonly api: string;
  readonly stream: string;
}

/** A quota of the account, and how much of it is used now. */
export interface Quotas {
  /** null: AWS does not say. */
  limit(service: string, code: string): Promise<number | null>;
  used(resource: string, className: string, service: string): Promise<number>;
}

export interface Images {
  /** Of these references those that the registry has not; what is in no registry of this account is not asked for. */
  missing(references: readonly string[]): Promise<readonly string[]>;
}

export interface Clock {
  now(): number;
  /** @throws AbortError when the signal fires */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface AwsPorts {
  readonly engine: Engine;
  readonly balancers: LoadBalancers;
  readonly orchestrators: Orchestrators;
  readonly metrics: Metrics;
  /** Once the foundation's address of them is known. */
  readonly brokers: (outputs: StackOutputs) => Promise<Brokers>;
  readonly probes: Probes;
  readonly quotas: Quotas;
  readonly images: Images;
  readonly clock: Clock;
}
