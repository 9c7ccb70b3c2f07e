/**
 * AWS and Pulumi as far as a migration meets them, in memory. It refuses what the real ones would: an update of weights
 * whose side has no routes, a foundation that would leave the listener empty, a destroyed stack that carries weight.
 */
import type { Model } from "../../../../../platform/model/types.ts";
import {
  type AwsPorts,
  EngineError,
  type ListenerRule,
  type MetricSeries,
  type StackConfig,
  type WorkloadState,
} from "../../../../../targets/migration/stages/aws/ports.ts";
import { replicasIn } from "../../../../../targets/migration/stages/aws/config.ts";
import { attachedStack } from "../../../../../targets/migration/stages/aws/layout.ts";
import { groupDimension } from "../../../../../targets/migration/stages/aws/routes.ts";

export const START = Date.UTC(2026, 10, 25, 9, 0, 30);
const MINUTE = 60_000;
const ROUTES = [
  { service: "api-service", paths: ["/api/*"], listener: "api" },
  { service: "websocket-service", paths: ["/ws"], listener: "streams" },
] as const;

const groupArn = (side: string, service: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/${side}-${service}/${side}1`;
const listenerArn = (name: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:1:listener/app/${name}/lb1/${name}1`;

interface Stack {
  config: StackConfig;
  up: boolean;
  /** What the last update was given. */
  live: StackConfig;
}

export interface WorldOptions {
  readonly model: Model;
  readonly base: StackConfig;
  readonly foundation?: string;
  /** What runs at the start. */
  readonly running?: "ecs" | "eks";
  /** Chance-free faults: errors of a hundred requests, milliseconds. */
  readonly sides?: Readonly<Record<string, { readonly errors?: number; readonly latency?: number }>>;
  readonly lost?: readonly string[];
  readonly alarms?: readonly string[];
  readonly lag?: number | null;
  /** Engine calls that fail: `up dev-eks`, by how often they have been made. */
  readonly fails?: (call: string, nth: number) => boolean;
}

/** Dies at its k-th call, `before` it had an effect or `after`; from then on nothing of that process happens. */
export interface Death {
  readonly at: number;
  readonly when: "before" | "after";
}

export class World {
  readonly stacks = new Map<string, Stack>();
  readonly calls: string[] = [];
  now = START;
  readonly #options: WorldOptions;
  readonly #counts = new Map<string, number>();
  readonly #foundation: string;

  constructor(options: WorldOptions) {
    const { base, foundation = "dev", running = "ecs" } = options;
    this.#options = options;
    this.#foundation = foundation;
    if (running === "ecs") this.stacks.set(foundation, upWith({ ...base, "cryptotracker:target": "ecs" }));
    else {
      this.stacks.set(foundation, upWith({ ...base, "cryptotracker:target": "none" }));
      const attached = attachedStack(foundation, running);
      const config = { ...base, "cryptotracker:target": running, "cryptotracker:foundation": foundation };
      this.stacks.set(attached, upWith(config));
      const traffic = { "cryptotracker:sides": { [running]: attached }, "cryptotracker:traffic": { [running]: 100 } };
      this.stacks.set(`${foundation}-traffic`, upWith({ ...traffic, "cryptotracker:foundation": foundation }));
    }
  }

  /** A process that works with it; it may die. */
  process(death: Death | null = null): {
    readonly ports: AwsPorts;
    readonly died: Promise<void>;
    readonly isDead: () => boolean;
  } {
    let made = 0;
    let dead = false;
    let tell = (): void => undefined;
    const died = new Promise<void>((resolve) => (tell = resolve));
    const never = <T>(): Promise<T> => {
      dead = true;
      tell();
      return new Promise<T>(() => undefined);
    };
    const call = async <T>(effect: () => T): Promise<T> => {
      await Promise.resolve();
      if (dead) return never();
      const here = made++ === death?.at ? death.when : null;
      if (here === "before") return never();
      this.now += 1;
      let result: T;
      try {
        result = effect();
      } catch (error) {
        if (here === "after") return never();
        throw error;
      }
      return here === "after" ? never() : result;
    };
    return { ports: this.#ports(call), died, isDead: () => dead };
  }

  sidesUp(): readonly string[] {
    return ["ecs", "eks"].filter((side) => this.#stackOf(side) !== undefined);
  }

  /** What a user meets on each path, by side; null where the listener answers 404. */
  weights(): Readonly<Record<string, number>> | null {
    const rules = this.#rules(listenerArn("api")).filter(({ headers }) => Object.keys(headers).length === 0);
    const [first] = rules.sort((a, b) => a.priority - b.priority);
    if (!first) return null;
    const total = first.groups.reduce((sum, { weight }) => sum + weight, 0);
    return Object.fromEntries(
      first.groups.map(({ arn, weight }) => [arn.split("/")[1]?.split("-")[0] ?? "", (100 * weight) / total]),
    );
  }

  running(side: string): readonly WorkloadState[] {
    const stack = this.#stackOf(side);
    if (!stack) return [];
    const replicas = replicasIn(stack.live);
    return this.#options.model.workloads.flatMap((workload) => {
      if (workload.kind === "job") return [];
      const usual = "singleton" in workload.scaling ? 1 : workload.scaling.desired;
      const by = replicas[workload.name];
      const count = by === undefined ? usual : "exactly" in by ? by.exactly : Math.max(usual, by.atLeast);
      return [{ name: workload.name, desired: count, ready: count, settled: true }];
    });
  }

  /** Names of a side's counts that are set by hand. */
  byHand(side: string): readonly string[] {
    return Object.keys(replicasIn(this.#stackOf(side)?.live ?? null));
  }

  #stackOf(side: string): Stack | undefined {
    return [...this.stacks.values()].find(({ up, live }) => up && live["cryptotracker:target"] === side);
  }

  #traffic(): Stack | undefined {
    const traffic = this.stacks.get(`${this.#foundation}-traffic`);
    return traffic?.up ? traffic : undefined;
  }

  #named(): Readonly<Record<string, number>> {
    return (this.#traffic()?.live["cryptotracker:traffic"] ?? {}) as Record<string, number>;
  }

  #own(): string {
    return String(this.stacks.get(this.#foundation)?.live["cryptotracker:target"]);
  }

  #rules(listener: string): ListenerRule[] {
    const here = ROUTES.filter((route) => listenerArn(route.listener) === listener);
    return here.flatMap(({ service, paths }) => {
      const trials = this.sidesUp().map((side, index) => ({
        priority: 1 + index,
        paths,
        headers: { "X-CryptoTracker-Trial": [`${side}.s3cret`] },
        groups: [{ arn: groupArn(side, service), weight: 1 }],
      }));
      const named = Object.entries(this.#named()).map(([side, weight]) => ({ arn: groupArn(side, service), weight }));
      const own = this.#own();
      return [
        ...trials,
        ...(named.length > 0 ? [{ priority: 16_001, paths, headers: {}, groups: named }] : []),
        ...(own === "none"
          ? []
          : [{ priority: 32_001, paths, headers: {}, groups: [{ arn: groupArn(own, service), weight: 1 }] }]),
      ];
    });
  }

  #engine(call: string): void {
    const nth = this.#counts.get(call) ?? 0;
    this.#counts.set(call, nth + 1);
    this.calls.push(call);
    if (this.#options.fails?.(call, nth)) throw new EngineError(`${call}: the engine failed.`);
  }

  #get(name: string): Stack {
    const stack = this.stacks.get(name);
    if (!stack) throw new EngineError(`There is no stack ${name}.`);
    return stack;
  }

  #outputs(name: string): Readonly<Record<string, unknown>> {
    const { up, live } = this.stacks.get(name) ?? { up: false, live: {} };
    if (!up) return {};
    const target = typeof live["cryptotracker:target"] === "string" ? live["cryptotracker:target"] : "";
    const common = {
      ...{ url: "https://api.example", streamUrl: "wss://streams.example" },
      attach: { "store.kafka.brokers": "b-1:9098" },
    };
    if ("cryptotracker:traffic" in live) return { role: "traffic", weights: live["cryptotracker:traffic"] };
    if (target === "none") return { role: "foundation", target, ...common };
    const routes = ROUTES.map(({ service, paths, listener }) => ({
      ...{ service, paths, targetGroupArn: groupArn(target, service), listenerArn: listenerArn(listener) },
    }));
    return "cryptotracker:foundation" in live
      ? { role: "attached", target, routes }
      : { role: "full", target, routes, ...common };
  }

  #up(name: string): void {
    const stack = this.#get(name);
    const { config } = stack;
    if ("cryptotracker:traffic" in config) {
      const sides = (config["cryptotracker:sides"] ?? {}) as Record<string, string>;
      for (const [side, of] of Object.entries(sides)) {
        const { up, live } = this.#get(of);
        if (!up || live["cryptotracker:target"] !== side)
          throw new EngineError(`side-routes: ${of} does not run ${side}.`);
      }
    } else if (config["cryptotracker:target"] === "none") {
      const own = this.#own();
      if (own !== "none" && own in this.#named()) throw new EngineError(`role-change: weights name ${own}.`);
      if (!this.#traffic()) throw new EngineError("role-change: without weights the listener answers 404.");
    }
    stack.up = true;
    stack.live = config;
  }

  #destroy(name: string): void {
    const stack = this.#get(name);
    if (!stack.up) throw new EngineError(`${name} has nothing to destroy.`);
    if ("cryptotracker:traffic" in stack.live) {
      const [only, ...others] = Object.keys(this.#named());
      if (others.length === 0 && only !== this.#own()) throw new EngineError("The weights are protected.");
    } else if (String(stack.live["cryptotracker:target"]) in this.#named()) {
      throw new EngineError(`Weights name ${name}'s side.`);
    }
    stack.up = false;
    stack.live = {};
  }

  #ports(call: <T>(effect: () => T) => Promise<T>): AwsPorts {
    return {
      engine: {
        config: (name) => call(() => this.stacks.get(name)?.config ?? null),
        configure: (name, config) =>
          call(() => {
            const stack = this.stacks.get(name);
            if (stack) stack.config = config;
            else this.stacks.set(name, { config, up: false, live: {} });
          }),
        outputs: (name) => call(() => this.#outputs(name)),
        preview: (name) =>
          call(() => {
            this.#engine(`preview ${name}`);
            return { create: 12, same: 3 };
          }),
        up: (name) =>
          call(() => {
            this.#engine(`up ${name}`);
            this.#up(name);
            return this.#outputs(name);
          }),
        destroy: (name) =>
          call(() => {
            this.#engine(`destroy ${name}`);
            this.#destroy(name);
          }),
        idle: () => Promise.resolve(),
      },
      balancers: {
        rules: (arn) => call(() => this.#rules(arn)),
        health: () => call(() => ({ healthy: 2 })),
      },
      orchestrators: { states: (side) => call(() => this.running(side)) },
      metrics: {
        read: (queries, from, to) =>
          call(
            () =>
              new Map(
                queries.map(({ id, name, stat, dimensions }) => {
                  return [id, this.#series(name, stat, dimensions["TargetGroup"] ?? "", from, to)];
                }),
              ),
          ),
        alarmsOn: () =>
          call(() =>
            (this.#options.alarms ?? []).map((name) => ({
              name,
              dimensions: { TargetGroup: groupDimension(groupArn("eks", "api-service")) },
            })),
          ),
      },
      brokers: () =>
        call(() => ({
          lag: () => call(() => (this.#options.lag === undefined ? 3 : this.#options.lag)),
          close: () => Promise.resolve(),
        })),
      probes: {
        start: () => undefined,
        stream: () => ({
          ...{ subscribers: 2, connected: 2, updates: Math.floor((this.now - START) / 1000), gaps: 0, doubles: 0 },
          ...{ reconnects: 0, declaredGaps: 0, errors: 0 },
        }),
        trial: (_urls, value) =>
          call(() => [
            { name: "read", ok: value.endsWith(".s3cret"), sentence: `read by ${value.split(".")[0]}: works.` },
          ]),
        settle: () =>
          call(() => ({
            ledger: {
              acknowledged: ["w1", "w2"].map((id) => ({ key: id, id, name: id, products: [], attempts: 1 })),
              unacknowledged: [],
              stream: [
                {
                  ...{ subscriber: 0, product: "BTC-USD", first: 1, last: 9, seen: 9, missing: 0, doubled: 0 },
                  examples: [],
                },
              ],
              requests: { sent: 20, ok: 20, unfit: 0, failed: 0 },
            },
            missingWrites: this.#options.lost ?? [],
          })),
        stop: () => Promise.resolve(),
      },
      quotas: { limit: () => call(() => 5000), used: () => call(() => 10) },
      images: { missing: () => call(() => []) },
      clock: {
        now: () => this.now,
        sleep: async (milliseconds, signal) => {
          signal.throwIfAborted();
          await call(() => (this.now += milliseconds));
        },
      },
    };
  }

  /** Twelve thousand requests a minute over all; each minute of the window as the weights are now. */
  #series(name: string, stat: string, group: string, from: number, to: number): MetricSeries {
    const [, side = "", service = ""] = /targetgroup\/(ecs|eks)-(.+)\//.exec(group) ?? [];
    const share = (this.weights()?.[side] ?? 0) / 100;
    const requests = service === "api-service" ? Math.round(12_000 * share) : 0;
    const { errors = 0, latency = 20 } = this.#options.sides?.[side] ?? {};
    const value =
      name === "RequestCount"
        ? requests
        : name === "HTTPCode_Target_5XX_Count"
          ? Math.round((requests * errors) / 100)
          : name === "TargetResponseTime"
            ? (latency * ({ p50: 1, p95: 3 }[stat] ?? 5)) / 1000
            : 0;
    // CloudWatch tells of no zero.
    if (requests === 0 || value === 0) return { complete: true, points: [] };
    const points = [];
    for (let at = from; at < to; at += MINUTE) points.push({ at, value });
    return { complete: true, points };
  }
}

const upWith = (config: StackConfig): Stack => ({ config, up: true, live: config });
