import { z } from "zod";

import type { Backoff } from "../../shared/retry.ts";
import { Allowance } from "./allowance.ts";
import { type Answer, getText, NotNow } from "./fetch.ts";
import { poll } from "./poll.ts";
import { pageUrl, readListing } from "./reddit.ts";
import type { FoundPost, PostSource, Turn } from "./source.ts";

export interface RedditOptions {
  readonly urls: readonly string[];
  /** Milliseconds between two visits of a listing. */
  readonly every: number;
  readonly backoff?: Backoff;
}

/** A listing goes back a thousand posts, a hundred a page. @source reddit.com/dev/api, read 2026-11 */
const MOST_PAGES = 10;
const MOST_SEEN = 1_000;

const position = z.object({
  /** Ids of the posts that the listing showed, latest first. */
  seen: z.array(z.string()),
});

/** Listings of Reddit, newest first. Each visit reads back to a post that the one before had. */
export function createReddit({ urls, every, backoff }: RedditOptions): PostSource {
  return {
    name: "reddit",
    carry: async (turn) => {
      const allowance = new Allowance();
      await Promise.all(
        urls.map((url) => {
          const log = turn.log.child({ listing: new URL(url).pathname });
          const visit = visitor({ ...turn, log }, url, allowance);
          return poll({ visit, every, signal: turn.signal, log, ...(backoff ? { backoff } : {}) });
        }),
      );
    },
  };
}

function visitor(turn: Turn, url: string, allowance: Allowance): () => Promise<void> {
  let seen: readonly string[] | undefined;
  return async () => {
    seen ??= position.safeParse(await turn.position(url)).data?.seen ?? [];
    const known = new Set(seen);
    const posts = await readBack(turn, url, allowance, known);
    const fresh = posts.filter(({ id }) => !known.has(id));
    if (fresh.length === 0 || !(await turn.publish(fresh.toReversed()))) return;
    const next = [...new Set([...posts.map(({ id }) => id), ...seen])].slice(0, MOST_SEEN);
    if (await turn.keep(url, { seen: next } satisfies z.infer<typeof position>)) seen = next;
  };
}

/** All posts of the pages up to one that holds a known one, newest first; for a first visit, of the first page. */
async function readBack(
  turn: Turn,
  url: string,
  allowance: Allowance,
  known: ReadonlySet<string>,
): Promise<readonly FoundPost[]> {
  const posts = new Map<string, FoundPost>();
  let after: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const answer = await ask(pageUrl(url, after), turn.signal, allowance);
    const page = readListing(answer.body);
    for (const post of page.posts) if (!posts.has(post.id)) posts.set(post.id, post);
    after = page.after;
    const met = known.size === 0 || page.posts.some(({ id }) => known.has(id));
    if (met || after === undefined) return [...posts.values()];
    if (pages === MOST_PAGES) {
      turn.log.warn({ posts: posts.size }, "more was written since the last visit than a listing shows");
      return [...posts.values()];
    }
  }
}

/** A refusal tells what is left, too. */
async function ask(url: string, signal: AbortSignal, allowance: Allowance): Promise<Answer> {
  await allowance.ready(signal);
  try {
    const answer = await getText(url, { headers: { accept: "application/json" }, signal });
    allowance.note(answer.headers);
    return answer;
  } catch (error) {
    if (error instanceof NotNow) allowance.note(error.headers);
    throw error;
  }
}
