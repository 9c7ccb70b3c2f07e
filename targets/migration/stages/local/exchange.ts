/** The exchange of a rehearsal: the seeded replay that comes with the ingestion service, as a process of its own. */
import { join } from "node:path";
import { z } from "zod";
import type { Settings } from "../../../../platform/settings.ts";
import { PrerequisiteError } from "../../../local/errors.ts";
import { describeExit, endChild, startChild, type Child } from "../../../local/processes/child.ts";
import { LOCALHOST } from "../../../local/processes/ports.ts";

const listening = z.object({ msg: z.literal("listening"), port: z.int().positive() });
const emitted = z.record(z.string(), z.object({ first: z.int(), last: z.int(), count: z.int() }));

/** What was sent to whoever listened: product → its first and last trade; the ids between are contiguous. */
export type Emitted = z.infer<typeof emitted>;

export interface Exchange {
  readonly url: string;
  readonly restUrl: string;
  /** The second exchange, which it is as well; null where it is not. */
  readonly kraken: Settings["feed"]["kraken"];
  /** Whom posts are read from: what it offers itself, and nobody else. */
  readonly posts: Settings["posts"];
  /** Ends the feed; later calls give the same. */
  finish(): Promise<Emitted>;
  /** How much it has sent so far. */
  count(): Promise<number>;
  stop(): Promise<void>;
}

export interface ExchangeOptions {
  /** The project's folder. */
  readonly root: string;
  readonly seed: number;
  readonly products: readonly string[];
  /** Trades a second over all products. */
  readonly rate: number;
  /** Trades a second of a second exchange; without it, there is none. */
  readonly krakenRate?: number;
  /** Posts a second over all sources of posts; without it, it offers none. */
  readonly postsRate?: number;
}

const START_MILLISECONDS = 20_000;
const STOP_MILLISECONDS = 3_000;

/** @throws PrerequisiteError when it does not listen in time */
export async function startExchange(options: ExchangeOptions): Promise<Exchange> {
  const { root, seed, products, rate, krakenRate, postsRate } = options;
  const port = Promise.withResolvers<number>();
  const child = await startChild({
    command: process.execPath,
    args: [join(root, "services/data-ingestion/replay/main.ts")],
    env: {
      PATH: process.env["PATH"] ?? "",
      NODE_ENV: "production",
      HOST: LOCALHOST,
      PORT: "0",
      SEED: String(seed),
      PRODUCTS: products.join(","),
      RATE: String(rate),
      ...(krakenRate === undefined ? {} : { KRAKEN_RATE: String(krakenRate) }),
      ...(postsRate === undefined ? {} : { POSTS_RATE: String(postsRate) }),
    },
    onLine: (line) => {
      const parsed = listening.safeParse(jsonOf(line));
      if (parsed.success) port.resolve(parsed.data.port);
    },
  });
  const late = setTimeout(() => port.reject(failed(child, "it did not listen in time")), START_MILLISECONDS);
  void child.exited.then((exit) => port.reject(failed(child, `it ended with ${describeExit(exit)}`)));
  try {
    const base = `${LOCALHOST}:${await port.promise}`;
    return {
      url: `ws://${base}`,
      restUrl: `http://${base}`,
      kraken:
        krakenRate === undefined
          ? null
          : { url: `ws://${base}/v2`, restUrl: `http://${base}`, products: [...products] },
      posts: postsRate === undefined ? NO_POSTS : postsAt(base),
      finish: () => ask(`http://${base}/stop`, "POST"),
      count: async () =>
        Object.values(await ask(`http://${base}/emitted`, "GET")).reduce((sum, { count }) => sum + count, 0),
      stop: async () => {
        await endChild(child, "SIGTERM", STOP_MILLISECONDS);
      },
    };
  } catch (error) {
    child.signal("SIGKILL");
    throw error;
  } finally {
    clearTimeout(late);
  }
}

const NO_POSTS: Settings["posts"] = { jetstreamUrl: null, rssUrls: [], redditUrls: [] };

function postsAt(base: string): Settings["posts"] {
  return {
    jetstreamUrl: `ws://${base}/subscribe`,
    rssUrls: [`http://${base}/feeds/rss.xml`, `http://${base}/feeds/atom.xml`],
    redditUrls: [`http://${base}/r/CryptoCurrency/new.json`],
  };
}

async function ask(url: string, method: "GET" | "POST"): Promise<Emitted> {
  const answer = await fetch(url, { method, signal: AbortSignal.timeout(5_000) });
  return emitted.parse(await answer.json());
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function failed(child: Child, why: string): PrerequisiteError {
  return new PrerequisiteError({
    what: "The replayed exchange",
    why,
    remedy: "Its last lines follow.",
    lines: child.lines().slice(-5),
  });
}
