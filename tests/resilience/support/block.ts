/** One component's block: fed, written and watched while the component is killed, and everything looked up at its end. */
import { setTimeout as sleep } from "node:timers/promises";
import { COINS } from "../../../services/api/coins.ts";
import { accountOf, accountSentiment, accountStream, accountTrades, accountWrites, type Account } from "./accounts.ts";
import { listenToAlerts } from "./alert-stream.ts";
import type { Person } from "./client.ts";
import { crossingsOf, type Crossing } from "./crossings.ts";
import { alertsOf, deliveriesOf, hookIds, mailIds, switchRulesOff } from "./deliveries.ts";
import { strikeWhileFed, type Strikes } from "./strikes.ts";
import { storedNames, writePosts } from "./posts.ts";
import { makeRules, untilRulesAreKnown } from "./rules.ts";
import type { World } from "./world.ts";
import { startWrites } from "./writes.ts";

export interface BlockSize {
  /** Trades a second, of which the block has this many. */
  readonly rate: number;
  readonly trades: number;
  readonly posts: number;
}

export interface Outcome extends Strikes {
  readonly messages: number;
  /** Milliseconds from the first kill until nothing was under way any more. */
  readonly settled: number;
  readonly accounts: readonly Account[];
  /** Gaps and errors that the stream of alerts told. */
  readonly complaints: readonly string[];
  /** Mails and webhooks that came again, under the id that they had. */
  readonly repeated: number;
}

/** Coins of one block: no other block's posts are about them. */
const SYMBOLS = 4;
/** Far more than anything needs; what has not come by then is lost. */
const PATIENCE_MILLISECONDS = 150_000;
const LOOK_MILLISECONDS = 200;

/** The `index`-th block. */
export async function runBlock(world: World, component: string, index: number, size: BlockSize): Promise<Outcome> {
  const { feed, posts, caller, database, sentinel, mail, hook } = world;
  const symbols = COINS.slice(index * SYMBOLS, (index + 1) * SYMBOLS).map(({ symbol }) => symbol);
  const [person, ...writers] = [await caller.person(), await caller.person(), await caller.person()];
  const since = await feed.lasts();
  const alerts = await listenToAlerts(world.streamUrl, person.token);
  const rules = await makeRules(world, person, hook.url);
  await untilRulesAreKnown(world, sentinel);

  const writes = startWrites(caller, writers);
  await feed.resume();
  const fed = Promise.all([
    feed.stopAfter(since, size.trades),
    writePosts(posts, symbols, size.posts, 1000 * (size.trades / size.rate)),
  ]);
  const struck = await strikeWhileFed(world, component, since, size.trades);
  const [, written] = await fed;
  await writes.stop();

  const series = await feed.series(since);
  const expected = crossingsOf(rules, series, feed.history());
  const named = await storedNames(database, written);
  await untilSettled(world, { person, alerts: expected.length, scored: named.length, symbols });
  const settled = performance.now() - struck.at;
  const ids = expected.map(({ alert }) => alert);
  const [mails, hooks] = [mailIds(mail, person.email), hookIds(hook, rules)];
  const accounts = [
    ...(await accountTrades(database, series)),
    await accountSentiment(database, named, symbols),
    ...(await accountWrites(database, writes.acknowledged)),
    accountOf("alerts stored", expected.map(nameOf), (await alertsOf(database, person.email)).map(nameOf)),
    accountOf("alerts heard by WebSocket", ids, alerts.heard),
    accountOf("mails", ids, mails.distinct),
    accountOf("webhooks", ids, hooks.distinct),
    accountStream(world.subscribers, await feed.lasts()),
  ];
  alerts.close();
  await switchRulesOff(database, person.email);
  const messages = [...series.values()].reduce((sum, trades) => sum + trades.length, written.length);
  const repeated = mails.repeated + hooks.repeated;
  return { ...struck, messages, settled, accounts, complaints: alerts.complaints, repeated };
}

interface Awaited {
  readonly person: Person;
  readonly alerts: number;
  readonly scored: number;
  readonly symbols: readonly string[];
}

/** Until nothing is under way any more and everything expected is there, or patience is over: the accounts will tell. */
async function untilSettled(world: World, { person, alerts, scored, symbols }: Awaited): Promise<void> {
  const { database, feed, platform, subscribers } = world;
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  const isSettled = async (): Promise<boolean> => {
    const { ended, open } = await deliveriesOf(database, person.email);
    const [row] = await database.rows<{ n: number }>(
      "select count(*)::int as n from sentiment_scores where symbol = any($1)",
      [symbols],
    );
    const streamed = accountStream(subscribers, await feed.lasts()).lost.length === 0;
    // A mail and a webhook each.
    const delivered = open === 0 && ended >= 2 * alerts;
    return delivered && (row?.n ?? 0) >= scored && streamed && (await platform.lag()) === 0;
  };
  while (!(await isSettled()) && performance.now() < deadline) await sleep(LOOK_MILLISECONDS);
}

const nameOf = ({ alert, rule, value, time }: Crossing): string => [alert, rule, value, time].join(" ");
