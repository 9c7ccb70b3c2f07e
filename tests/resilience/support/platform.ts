/** One compiled form on stores of its own, as `npm start` runs it, with processes that can be killed from outside. */
import { spawnSync } from "node:child_process";
import { createSide, entriesUnder, type Side } from "../../../targets/local/runtime/index.ts";
import { createTime } from "../../../targets/local/time.ts";
import { behavioursHere, oneEach } from "../../../targets/commands/start/behaviours.ts";
import {
  compileForFeed,
  startSharedPlatform,
  type SharedPlatform,
} from "../../../targets/migration/stages/local/platform.ts";
import { totalLag } from "../../../targets/migration/stages/lag.ts";
import { consumerGroups, formOf } from "../../../targets/migration/stages/local/workloads.ts";
import type { CompiledStack } from "../../../targets/stack.ts";
import { withoutStores } from "../../support/environment.ts";
import { dev, ROOT, valueOf } from "../../support/stacks.ts";

export interface PlatformOptions {
  readonly products: readonly string[];
  /** Trades a second. */
  readonly rate: number;
  /** Where the posts come from, ws:. */
  readonly jetstreamUrl: string;
  /** Who takes mail, smtp:. */
  readonly mail: string;
}

export interface Platform {
  readonly shared: SharedPlatform;
  readonly url: string;
  /** What happened so far, a line each. */
  readonly lines: readonly string[];
  /** SIGKILL to the process of a workload or a store, and to nothing else. @returns its id */
  kill(component: string): number;
  pidOf(component: string): number | undefined;
  /** Workload → how often its process has ended by itself so far. */
  restarts(): ReadonlyMap<string, number>;
  /** Every workload takes its work. */
  ready(): boolean;
  /** Messages that consumer groups have not committed yet; null while the brokers can't say. */
  lag(): Promise<number | null>;
  stop(): Promise<void>;
}

/** Command lines of the stores' own processes. */
const STORES: Readonly<Record<string, RegExp>> = {
  postgres: /\/postgres -D /,
  redis: /redis-server/,
  kafka: /kafka\.Kafka /,
};
/** Model seconds in a real one, as `npm start` has it. */
const TIME_SCALE = 20;
const PATIENCE = 180 * TIME_SCALE;
const PRIORITY = 10_000;

/** Stops again what it had started when something does not. */
export async function startPlatform({ products, rate, jetstreamUrl, mail }: PlatformOptions): Promise<Platform> {
  const settings = { ...dev, feed: { ...dev.feed, products: [...products], kraken: null } };
  const lines: string[] = [];
  const report = (line: string): void => void lines.push(line);
  const time = createTime(TIME_SCALE);
  const model = valueOf(compileForFeed(settings, NOWHERE, ["ecs"])).model;
  // The test run's own stores hold other tests' data, and nobody may kill them.
  const others = new Set(childrenOf(process.pid).map(({ pid }) => pid));
  const shared = await startSharedPlatform({
    ...{ root: ROOT, model, settings, time, report, mail, name: "resilience", revive: true },
    ...{ feed: { seed: 7, rate }, env: withoutStores(), signal: new AbortController().signal },
  });
  const posts = { jetstreamUrl, rssUrls: [], redditUrls: [] };
  const stack: CompiledStack = valueOf(compileForFeed(settings, { ...shared.exchange, posts }, ["ecs"]));
  const behaviours = behavioursHere(Object.values(formOf("ecs", stack).behaviours), {
    publicUrl: shared.router.url,
    startGrace: PATIENCE,
  });
  const entryOf = entriesUnder(ROOT);
  const logFolder = process.env["CT_RESILIENCE_LOGS"];
  const side = createSide({
    ...{ name: "ecs", behaviours, time, router: shared.router, entryOf, report },
    ...{ fill: shared.fill, secret: shared.secret, most: 1, initial: oneEach(behaviours), steadyWithin: PATIENCE },
    ...(logFolder === undefined ? {} : { logFolder }),
  });
  try {
    await side.up();
  } catch (error) {
    await side.stop();
    await shared.stop();
    throw error;
  }
  side.groups().forEach(({ group, routes }, index) => {
    shared.router.addRule({ priority: PRIORITY + index, paths: routes, forward: [{ group, weight: 1 }] });
  });
  return {
    ...platformOf(side, shared, others),
    ...{ shared, url: shared.router.url, lines },
    lag: () => totalLag(consumerGroups(stack.model, entryOf, stack), shared.broker.lag),
  };
}

function platformOf(
  side: Side,
  shared: SharedPlatform,
  others: ReadonlySet<number>,
): Pick<Platform, "kill" | "pidOf" | "restarts" | "ready" | "stop"> {
  const pidOf = (component: string): number | undefined => {
    const store = STORES[component];
    if (store) return childrenOf(process.pid).find(({ pid, args }) => !others.has(pid) && store.test(args))?.pid;
    return side.describe().workloads[component]?.replicas[0]?.pid;
  };
  return {
    pidOf,
    kill: (component) => {
      const pid = pidOf(component);
      if (pid === undefined) throw new Error(`${component} has no process`);
      process.kill(pid, "SIGKILL");
      return pid;
    },
    restarts: () => new Map(Object.entries(side.describe().workloads).map(([name, { restarts }]) => [name, restarts])),
    ready: () => Object.values(side.describe().workloads).every(({ ready, desired }) => ready >= desired),
    stop: async () => {
      await side.stop();
      await shared.stop();
    },
  };
}

function childrenOf(parent: number): readonly { readonly pid: number; readonly args: string }[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "ppid=,pid=,args="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [, ppid, pid, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(ppid) === parent ? [{ pid: Number(pid), args }] : [];
  });
}

/** Before the exchange listens, only topics and names are read of the model. */
const NOWHERE = {
  ...{ url: "ws://127.0.0.1:9", restUrl: "http://127.0.0.1:9", kraken: null },
  posts: { jetstreamUrl: null, rssUrls: [], redditUrls: [] },
};
