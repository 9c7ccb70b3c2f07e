/** A load balancer in the terms of an AWS Application Load Balancer. */
import type { ProbeBehaviour } from "../../../platform/model/behaviour.ts";
import type { Seconds } from "../../../platform/model/types.ts";
import type { Time } from "../time.ts";

export interface RouterOptions {
  /** A free one, by default. */
  readonly port?: number;
  /** 127.0.0.1, by default. */
  readonly host?: string;
  /**
   * How long a connection may be silent, on either side. Real seconds, whatever the scale: the services' keep-alive and
   * ping intervals are real, too.
   */
  readonly idleTimeout: Seconds;
  /** Scales health check intervals and deregistration delays. */
  readonly time: Time;
  /** Every request's end, as it happens. */
  readonly onResult?: (result: RequestResult) => void;
  /** 0 ≤ x < 1; `Math.random` by default. */
  readonly random?: () => number;
}

export interface RequestResult {
  /** When it ended, `performance.now()`. */
  readonly at: number;
  /** null: no rule matched. */
  readonly group: string | null;
  /** null: no target was there to take it. */
  readonly target: string | null;
  /** What the client got; 101 for an upgrade, 460 when the client left before it was answered. */
  readonly status: number;
  /** For an upgrade, until the answer; else until the last byte. */
  readonly milliseconds: number;
  readonly kind: "http" | "upgrade";
  /** True when the router answered itself. */
  readonly own: boolean;
}

export interface GroupSpec {
  readonly name: string;
  /** The path and the numbers; the port is each target's own. */
  readonly check: ProbeBehaviour;
  readonly deregistrationDelay: Seconds;
}

export interface TargetSpec {
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

export type TargetState = "initial" | "healthy" | "unhealthy" | "draining";

export interface TargetHealth extends TargetSpec {
  readonly state: TargetState;
  /** Why: the last check's result. */
  readonly reason: string;
  /** Requests and upgraded connections right now. */
  readonly active: number;
}

export interface Forward {
  readonly group: string;
  /** 0–999. */
  readonly weight: number;
}

export interface RuleSpec {
  /** Unique; the lowest that matches decides. */
  readonly priority: number;
  /** `*` is any text, `?` any one character; case matters; the query doesn't count. */
  readonly paths: readonly string[];
  /** The value may hold `*` and `?`; its case doesn't matter. */
  readonly header?: { readonly name: string; readonly value: string };
  readonly forward: readonly Forward[];
}

/** Counters since the start, named as CloudWatch names them. */
export interface GroupMetrics {
  readonly requestCount: number;
  readonly target2xx: number;
  readonly target3xx: number;
  readonly target4xx: number;
  readonly target5xx: number;
  /** 502, 503 and 504 that the router answered in this group's place. */
  readonly elb5xx: number;
  readonly targetConnectionErrors: number;
  readonly upgrades: number;
  /** Clients that left before an answer. */
  readonly aborted: number;
}

export interface Router {
  readonly url: string;
  readonly port: number;
  /** @throws RouterError `duplicate` */
  addGroup(group: GroupSpec): void;
  /** Its targets are dropped. @throws RouterError `unknown`; `in-use` while any rule names it, with weight 0, too */
  removeGroup(name: string): void;
  /** It gets traffic after its first good check. @throws RouterError `unknown`, `duplicate` */
  register(group: string, target: TargetSpec): void;
  /**
   * No new requests from now on; resolves when the old ones are done, or the delay is over and they were cut. Unknown
   * ids are as good as drained. @throws RouterError `unknown` group
   */
  deregister(group: string, id: string): Promise<void>;
  /** @throws RouterError `duplicate` priority, `unknown` group, `invalid` weight or conditions */
  addRule(rule: RuleSpec): void;
  /** Group → weight; a group that is left out keeps its own. @throws RouterError as above */
  setWeights(priority: number, weights: Readonly<Record<string, number>>): void;
  /** Read from the rule that decides, not from what was asked for. @throws RouterError `unknown` */
  weights(priority: number): Readonly<Record<string, number>>;
  /** @throws RouterError `unknown` */
  removeRule(priority: number): void;
  /** By priority. */
  rules(): readonly RuleSpec[];
  /** @throws RouterError `unknown` */
  describeHealth(group: string): readonly TargetHealth[];
  metrics(): Readonly<Record<string, GroupMetrics>>;
  /** For drills: cuts every connection and takes no new one. Rules and targets stay, as they do when an instance dies. */
  crash(): Promise<void>;
  /** Listens again, on the same port. @throws Error with `code` EADDRINUSE when somebody else took it */
  recover(): Promise<void>;
  /** Cuts everything and frees the port; twice is harmless. */
  close(): Promise<void>;
}

export class RouterError extends Error {
  override readonly name = "RouterError";
  readonly code: "duplicate" | "unknown" | "in-use" | "invalid";

  constructor(code: RouterError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
