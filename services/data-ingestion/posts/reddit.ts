import { z } from "zod";

import type { FoundPost } from "./source.ts";

/** Reddit's listings: `…/new.json` of posts, `…/comments.json` of comments. @source reddit.com/dev/api, read 2026-11 */

/** A kind and a number in base 36: `t3_1abc`. */
const fullname = z.string().regex(/^t\d_[a-z0-9]{1,16}$/);
const created = z.number().nonnegative();
const author = z.string();

const child = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("t3"),
    data: z.object({ name: fullname, author, created_utc: created, title: z.string(), selftext: z.string().catch("") }),
  }),
  z.object({
    kind: z.literal("t1"),
    data: z.object({ name: fullname, author, created_utc: created, body: z.string() }),
  }),
]);

const listing = z.object({
  kind: z.literal("Listing"),
  data: z.object({ after: fullname.nullish(), children: z.array(z.unknown()) }),
});

export interface Listing {
  /** Newest first. */
  readonly posts: readonly FoundPost[];
  /** Of the page after this one, which is older; undefined at the end. */
  readonly after: string | undefined;
}

/** What stands where a text was. */
const GONE = new Set(["[deleted]", "[removed]"]);

/** Leaves out what it does not know, adverts among it. @throws Error for what is no listing */
export function readListing(text: string): Listing {
  const { data } = listing.parse(JSON.parse(text));
  const posts = data.children.flatMap((each) => {
    const read = child.safeParse(each).data;
    return read ? [toPost(read)] : [];
  });
  return { posts, after: data.after ?? undefined };
}

function toPost({ kind, data }: z.infer<typeof child>): FoundPost {
  const words = kind === "t3" ? [data.title, data.selftext] : [data.body];
  const time = data.created_utc * 1000;
  return {
    source: "reddit",
    id: data.name,
    // All accounts that are gone have one name; what they wrote is not one author's.
    author: GONE.has(data.author) ? data.name : data.author,
    text: words
      .map((part) => part.trim())
      .filter((part) => part !== "" && !GONE.has(part))
      .join("\n\n"),
    language: undefined,
    createdAt: time,
    listedAt: time,
  };
}

/**
 * A page of a listing: the newest, or the one after `after`. `before`, the way to ask for what is newer than a post,
 * answers with nothing for ever once that post is deleted; so pages are read until one has a post that we know.
 */
export function pageUrl(base: string, after: string | undefined): string {
  const url = new URL(base);
  url.searchParams.set("limit", "100");
  // Without it, & < > come as HTML writes them.
  url.searchParams.set("raw_json", "1");
  url.searchParams.delete("before");
  if (after === undefined) url.searchParams.delete("after");
  else url.searchParams.set("after", after);
  return url.href;
}
