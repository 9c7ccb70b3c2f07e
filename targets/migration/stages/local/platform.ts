/** What both sides share on this machine: the stores, the exchange, the load balancer. Nothing of it is ever moved. */
import { randomBytes } from "node:crypto";
import { fillPlaceholders } from "../../../../platform/model/placeholders.ts";
import type { SecretBehaviour } from "../../../../platform/model/behaviour.ts";
import type { Model } from "../../../../platform/model/types.ts";
import type { Settings } from "../../../../platform/settings.ts";
import { startDataPlane, type DataPlane } from "../../../local/data-plane/index.ts";
import { PrerequisiteError } from "../../../local/errors.ts";
import { startRouter, type RequestResult, type Router } from "../../../local/router/index.ts";
import type { Time } from "../../../local/time.ts";
import { connectBroker, type Broker } from "./broker.ts";
import { startExchange, type Exchange } from "./exchange.ts";

export interface SharedPlatform {
  readonly dataPlane: DataPlane;
  /** A database of this rehearsal's own. */
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
  readonly feed: { readonly seed: number; readonly rate: number };
  readonly onResult: (result: RequestResult) => void;
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Stops again what it had started when something does not. @throws PrerequisiteError */
export async function startSharedPlatform(options: SharedPlatformOptions): Promise<SharedPlatform> {
  const { root, model, settings, time, feed, report, signal } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    const topics = model.topics.map(({ name, partitions }) => ({ name, partitions }));
    const dataPlane = await startDataPlane({ topics, report, env: process.env, signal });
    stops.push(() => dataPlane.stop());
    const broker = await connectBroker(dataPlane.kafkaBrokers);
    stops.push(() => broker.stop());
    for (const { name } of topics) await refuseOldMessages(broker, name);
    const databaseUrl = await dataPlane.databaseDirect("rehearsal");
    const exchange = await startExchange({ root, products: settings.feed.products, ...feed });
    stops.push(() => exchange.stop());
    const router = await startRouter({ idleTimeout: settings.edge.idleTimeout, time, onResult: options.onResult });
    stops.push(() => router.close());
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
      // Nobody takes mail here: what is sent stays due, and is tried again.
      smtp: "smtp://127.0.0.1:25",
    };
    return {
      ...{ dataPlane, databaseUrl, exchange, broker, router, stop },
      fill: (text) =>
        fillPlaceholders(text, ({ kind, name, attribute }) => valueOf(values, `${kind}.${name}.${attribute}`)),
      secret: ({ secret }) => valueOf(secrets, secret),
    };
  } catch (error) {
    await stop();
    throw error;
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
