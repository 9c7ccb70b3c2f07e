/** What all sides share on this machine: the stores, the exchange, the load balancer. Nothing of it is ever moved. */
import { randomBytes } from "node:crypto";
import { fillPlaceholders } from "../../../../platform/model/placeholders.ts";
import type { SecretBehaviour } from "../../../../platform/model/behaviour.ts";
import { cryptotracker } from "../../../../platform/cryptotracker.ts";
import type { Model, Result } from "../../../../platform/model/types.ts";
import type { Settings } from "../../../../platform/settings.ts";
import { startDataPlane, type DataPlane } from "../../../local/data-plane/index.ts";
import { codeOf, PrerequisiteError } from "../../../local/errors.ts";
import { startRouter, type RequestResult, type Router } from "../../../local/router/index.ts";
import type { Time } from "../../../local/time.ts";
import { compileModel, type CompiledStack, type Compiler } from "../../../stack.ts";
import { connectBroker, type Broker } from "./broker.ts";
import { startExchange, type Exchange } from "./exchange.ts";

export interface SharedPlatform {
  readonly dataPlane: DataPlane;
  /** A database of this run's own. */
  readonly databaseUrl: string;
  readonly exchange: Exchange;
  readonly broker: Broker;
  readonly router: Router;
  /** `${store.kafka.brokers}` → this machine's. @throws Error for what this machine has not */
  readonly fill: (text: string) => string;
  /** @throws Error for a secret that this machine has not */
  readonly secret: (reference: SecretBehaviour) => string;
  stop(): Promise<void>;
}

export interface SharedPlatformOptions {
  readonly root: string;
  readonly model: Model;
  readonly settings: Settings;
  readonly time: Time;
  readonly feed: {
    readonly seed: number;
    readonly rate: number;
    readonly krakenRate?: number;
    readonly postsRate?: number;
  };
  /** Whether a store that dies is started again; by default the data plane's `died` tells of it. */
  readonly revive?: boolean;
  /** Where servers of one's own are named; this process's environment, by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** What its database is named after. */
  readonly name: string;
  /** The load balancer's; a free one, by default. */
  readonly port?: number;
  /** Who takes mail, as an smtp: URL; by default nobody does, and what is sent stays due. */
  readonly mail?: string;
  readonly onResult?: (result: RequestResult) => void;
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The discard port: refused at once, wherever this runs. */
const NOBODY = "smtp://127.0.0.1:9";

const WHY_NOT_THAT_PORT: Readonly<Record<string, string>> = {
  EADDRINUSE: "something else listens there",
  EACCES: "this user may not listen there",
};

/** Stops again what it had started when something does not. @throws PrerequisiteError */
export async function startSharedPlatform(options: SharedPlatformOptions): Promise<SharedPlatform> {
  const {
    root,
    model,
    settings,
    feed,
    name,
    revive = false,
    env = process.env,
    mail = NOBODY,
    report,
    signal,
  } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    // First: that its port is taken is told at once, not after all stores are up.
    const router = await openRouter(options);
    stops.push(() => router.close());
    const topics = model.topics.map(({ name, partitions }) => ({ name, partitions }));
    const dataPlane = await startDataPlane({ topics, revive, report, env, signal });
    stops.push(() => dataPlane.stop());
    const broker = await connectBroker(dataPlane.kafkaBrokers);
    stops.push(() => broker.stop());
    for (const topic of topics) await refuseOldMessages(broker, topic.name);
    const databaseUrl = await dataPlane.databaseDirect(name);
    const exchange = await startExchange({ root, products: settings.feed.products, ...feed });
    stops.push(() => exchange.stop());
    report(`load balancer at ${router.url}`);
    const values: Readonly<Record<string, string>> = {
      "store.kafka.brokers": dataPlane.kafkaBrokers,
      "store.kafka.security": "plaintext",
    };
    const secrets: Readonly<Record<string, string>> = {
      "database-url": databaseUrl,
      "redis-url": dataPlane.redisUrl,
      // One for both sides, or neither would know the other's tokens.
      "jwt-signing": randomBytes(32).toString("base64url"),
      smtp: mail,
      vapid: randomBytes(32).toString("base64url"),
    };
    return {
      ...{ dataPlane, databaseUrl, exchange, broker, router, stop },
      // Without a GPU here there is no model, and nobody at a queue's other end: who has none does without.
      fill: (text) =>
        fillPlaceholders(text, ({ kind, name, attribute }) =>
          kind === "queue" ? "" : valueOf(values, `${kind}.${name}.${attribute}`),
        ),
      secret: ({ secret }) => valueOf(secrets, secret),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The same stack, but for whom the readers of trades and posts call: nobody outside of this machine. */
export function compileForFeed(
  settings: Settings,
  { url, restUrl, kraken, posts }: Pick<Exchange, "url" | "restUrl" | "kraken" | "posts">,
  targets: readonly Compiler[],
): Result<CompiledStack> {
  const here = { ...settings, feed: { ...settings.feed, url, restUrl, kraken }, posts };
  return compileModel(cryptotracker(here), here, targets);
}

async function openRouter({ settings, time, port, onResult }: SharedPlatformOptions): Promise<Router> {
  try {
    return await startRouter({
      ...{ idleTimeout: settings.edge.idleTimeout, time },
      ...(port === undefined ? {} : { port }),
      ...(onResult === undefined ? {} : { onResult }),
    });
  } catch (error) {
    const why = WHY_NOT_THAT_PORT[codeOf(error)];
    if (port === undefined || why === undefined) throw error;
    throw new PrerequisiteError({ what: `Port ${port}`, why, remedy: "Name another one with --port." });
  }
}

/** Consumers drop trades that they have seen, and an exchange that begins anew would repeat old ids. */
async function refuseOldMessages(broker: Broker, topic: string): Promise<void> {
  if ((await broker.messages(topic)) === 0) return;
  throw new PrerequisiteError({
    what: "KAFKA_BROKERS",
    why: `topic ${topic} holds messages of something else`,
    remedy: "Name brokers whose topics are empty, or leave it out for an embedded one.",
  });
}

function valueOf(values: Readonly<Record<string, string>>, name: string): string {
  const value = values[name];
  if (value === undefined) throw new Error(`this machine has no ${name}`);
  return value;
}
