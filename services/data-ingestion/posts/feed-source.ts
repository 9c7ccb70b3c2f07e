import { createHash } from "node:crypto";
import { z } from "zod";

import type { Backoff } from "../../shared/retry.ts";
import { MOST_ENTRIES, readFeed } from "./feed.ts";
import { getText } from "./fetch.ts";
import { poll } from "./poll.ts";
import { Recent } from "./recent.ts";
import type { FoundPost, PostSource, Turn } from "./source.ts";

export interface FeedsOptions {
  readonly urls: readonly string[];
  /** Milliseconds between two visits of a feed. */
  readonly every: number;
  readonly backoff?: Backoff;
}

/** Above what a feed shows at a time, or an entry that it still shows would be forgotten, and new again. */
const MOST_SEEN = 2 * MOST_ENTRIES;

const position = z.object({
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  /** Short hashes of the entries' ids, latest first. */
  seen: z.array(z.string()),
});
type Position = z.infer<typeof position>;

/** RSS and Atom feeds. What a feed drops between two visits is gone; everything else comes, found by its ids. */
export function createFeeds({ urls, every, backoff }: FeedsOptions): PostSource {
  return {
    name: "rss",
    carry: async (turn) => {
      const published = new Recent(urls.length * MOST_SEEN);
      await Promise.all(
        urls.map((url) => {
          const log = turn.log.child({ host: new URL(url).hostname });
          const visit = visitor(turn, url, published);
          return poll({ visit, every, signal: turn.signal, log, ...(backoff ? { backoff } : {}) });
        }),
      );
    },
  };
}

/** @param published by any feed of this turn: one article stands in several of a publisher's */
function visitor(turn: Turn, url: string, published: Recent): () => Promise<void> {
  let last: Position | undefined;
  return async () => {
    last ??= position.safeParse(await turn.position(url)).data ?? { seen: [] };
    const answer = await getText(url, { headers: conditions(last), signal: turn.signal });
    if (answer.status === 304) return;
    const posts = readFeed(answer.body, url);
    const seen = new Set(last.seen);
    const fresh = posts.filter(({ id }) => !seen.has(short(id)) && !published.has(id));
    // Oldest first, as they were written. The validators are kept only when everything is published.
    if (fresh.length > 0 && !(await turn.publish(fresh.toReversed()))) return;
    for (const { id } of fresh) published.isNew(id);
    const next = { ...validators(answer.headers), seen: latest(posts, last.seen) };
    if (await turn.keep(url, next)) last = next;
  };
}

const short = (id: string): string => createHash("sha256").update(id).digest("base64url").slice(0, 16);

const latest = (posts: readonly FoundPost[], before: readonly string[]): string[] =>
  [...new Set([...posts.map(({ id }) => short(id)), ...before])].slice(0, MOST_SEEN);

function conditions({ etag, lastModified }: Position): Record<string, string> {
  return {
    accept: "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8",
    ...(etag === undefined ? {} : { "if-none-match": etag }),
    ...(lastModified === undefined ? {} : { "if-modified-since": lastModified }),
  };
}

function validators(headers: Headers): Pick<Position, "etag" | "lastModified"> {
  const [etag, lastModified] = [headers.get("etag"), headers.get("last-modified")];
  return { ...(etag === null ? {} : { etag }), ...(lastModified === null ? {} : { lastModified }) };
}
