/** The platform, those who feed it, and those who hear of it. */
import { startSubscriber, type Subscriber } from "../../../targets/migration/load/subscriber.ts";
import { startReceiver, type Receiver } from "../../services/notification/receiver.ts";
import { startSmtpSink, type SmtpSink } from "../../services/notification/smtp-sink.ts";
import { createCaller, type Caller, type Person } from "./client.ts";
import { openDatabase, type Database } from "./database.ts";
import { createFeed, type Feed } from "./feed.ts";
import { startPlatform, type Platform } from "./platform.ts";
import { startPosts, type PostSource } from "./posts.ts";
import { until } from "./until.ts";

export interface World {
  readonly platform: Platform;
  readonly feed: Feed;
  readonly posts: PostSource;
  readonly mail: SmtpSink;
  readonly hook: Receiver;
  readonly database: Database;
  readonly caller: Caller;
  /** Whose rules only tell that others are known. */
  readonly sentinel: Person;
  /** Of all products, from their first trades to the end. */
  readonly subscribers: readonly Subscriber[];
  /** ws: */
  readonly streamUrl: string;
  stop(): Promise<void>;
}

const PRODUCTS = ["BTC-USD", "ETH-USD", "SOL-USD", "ADA-USD", "XRP-USD", "DOGE-USD"];
const SUBSCRIBERS = 3;

/** Resolves with all of it up and the feed at rest. @param rate trades a second, while it is not */
export async function startWorld(rate: number): Promise<World> {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    const [mail, hook, posts] = await Promise.all([startSmtpSink(), startReceiver(), startPosts()]);
    stops.push(...[mail, hook, posts].map((one) => () => one.close()));
    const platform = await startPlatform({ products: PRODUCTS, rate, jetstreamUrl: posts.url, mail: mail.url });
    stops.push(() => platform.stop());
    const feed = createFeed(platform.shared.exchange.restUrl);
    await feed.stopAfter(new Map(), 1);
    await feed.series(new Map()); // what it begins with is history, too
    const database = openDatabase(platform.shared.databaseUrl);
    stops.push(() => database.close());
    const caller = createCaller(platform.url);
    stops.push(() => caller.close());
    const sentinel = await caller.person();
    const streamUrl = `${platform.url.replace(/^http/, "ws")}/ws`;
    const subscribers = Array.from({ length: SUBSCRIBERS }, () =>
      startSubscriber({ url: streamUrl, products: PRODUCTS }),
    );
    stops.push(...subscribers.map((one) => () => one.close()));
    await until(() => subscribers.every((one) => one.state().connected));
    return { platform, feed, posts, mail, hook, database, caller, sentinel, subscribers, streamUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
