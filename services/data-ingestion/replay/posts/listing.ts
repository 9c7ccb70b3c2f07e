import type { WrittenPost } from "./crowd.ts";

const MOST = 100;

/** The source's id of a post. */
export const fullnameOf = ({ number }: WrittenPost): string => `t3_${number.toString(36)}`;

/**
 * A page of Reddit's listing, newest first: what is older than `after`, or newer than `before`; a post that isn't there
 * gives an empty page, as Reddit does for one that was deleted.
 */
export function listingOf(posts: readonly WrittenPost[], query: URLSearchParams): unknown {
  const newest = posts.toReversed();
  const limit = Math.min(MOST, Math.max(1, Number(query.get("limit") ?? "25") || 25));
  const [after, before] = [query.get("after"), query.get("before")];
  const place = (name: string | null): number => newest.findIndex((post) => fullnameOf(post) === name);
  const [from, to] =
    after !== null && place(after) >= 0
      ? [place(after) + 1, newest.length]
      : [0, after !== null ? 0 : before !== null ? Math.max(0, place(before)) : newest.length];
  const page = newest.slice(from, Math.min(to, from + limit));
  const last = page.at(-1);
  const isEnd = from + page.length >= to;
  return {
    kind: "Listing",
    data: {
      after: last && !isEnd ? fullnameOf(last) : null,
      before: null,
      dist: page.length,
      children: page.map((post) => ({
        kind: "t3",
        data: {
          name: fullnameOf(post),
          author: post.author,
          title: post.title,
          selftext: post.text,
          created_utc: Math.floor(post.timeMicroseconds / 1e6),
          subreddit: "CryptoCurrency",
        },
      })),
    },
  };
}
