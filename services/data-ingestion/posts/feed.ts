/** RSS 0.9 to 2.0, RSS 1.0 (RDF) and Atom, as posts. */
import { parseFeed } from "feedsmith";

import type { FoundPost } from "./source.ts";

/** More is no feed, but an archive. */
export const MOST_ENTRIES = 1_000;

/**
 * The entries of a feed in its own order, newest first as a rule; each id once. Entities that a document defines itself
 * are never expanded, and a document that defines any is refused: a feed has no use for them, and a bomb has.
 *
 * @throws Error for what is no feed
 */
export function readFeed(xml: string, url: string): FoundPost[] {
  if (definesTypes(xml)) throw new Error("the document has a DOCTYPE");
  const ids = new Set<string>();
  const posts: FoundPost[] = [];
  for (const entry of entriesOf(xml)) {
    const post = toPost(entry, url);
    if (!post || ids.has(post.id)) continue;
    ids.add(post.id);
    posts.push(post);
    if (posts.length === MOST_ENTRIES) break;
  }
  return posts;
}

/** What the formats have in common. */
interface Entry {
  readonly id: string | undefined;
  readonly link: string | undefined;
  readonly title: string | undefined;
  readonly body: string | undefined;
  readonly author: string | undefined;
  readonly time: string | undefined;
  readonly language: string | undefined;
}

/** XML allows a DOCTYPE only before the first element. */
function definesTypes(xml: string): boolean {
  const first = xml.search(/<[a-z_]/i);
  return /<!(?:DOCTYPE|ENTITY)/i.test(first < 0 ? xml : xml.slice(0, first));
}

function entriesOf(xml: string): readonly Entry[] {
  // JSON Feed, which the parser knows too, is not asked for.
  if (!/^\s*(?:\uFEFF\s*)?</.test(xml)) throw new Error("the document is not XML");
  const { format, feed } = parseFeed(xml);
  switch (format) {
    case "rss":
      return (feed.items ?? []).map((item) => ({
        id: item.guid?.value,
        link: item.link,
        title: item.title,
        body: item.description ?? item.content?.encoded,
        author: item.dc?.creators?.[0] ?? item.authors?.[0]?.name ?? item.authors?.[0]?.email,
        time: item.pubDate ?? item.dc?.dates?.[0],
        language: feed.language,
      }));
    case "atom":
      return (feed.entries ?? []).map((entry) => ({
        id: entry.id,
        link: entry.links?.[0]?.href,
        title: entry.title?.value,
        body: entry.summary?.value ?? entry.content?.value,
        author: entry.authors?.[0]?.name ?? feed.authors?.[0]?.name,
        time: entry.published ?? entry.updated,
        language: entry.xml?.lang ?? feed.xml?.lang,
      }));
    case "rdf":
      return (feed.items ?? []).map((item) => ({
        id: undefined,
        link: item.link,
        title: item.title,
        body: item.description ?? item.content?.encoded,
        author: item.dc?.creators?.[0],
        time: item.dc?.dates?.[0],
        language: feed.dc?.languages?.[0],
      }));
    case "json":
      throw new Error("the document is no RSS or Atom feed");
  }
}

function toPost(entry: Entry, url: string): FoundPost | undefined {
  const host = new URL(url).hostname;
  const own = entry.id?.trim() || entry.link?.trim() || [entry.title, entry.time].join(" ").trim();
  const text = [entry.title, entry.body]
    .map((part) => part?.trim())
    .filter(Boolean)
    .join("\n\n");
  if (own === "" || text === "") return undefined;
  return {
    source: "rss",
    // A URL is the same article in every feed of a publisher; another id means something in its own place only.
    id: URL.canParse(own) ? own : `${host} ${own}`,
    author: `${host} ${entry.author?.trim() ?? ""}`,
    text,
    language: entry.language,
    createdAt: entry.time === undefined ? undefined : Date.parse(entry.time),
    listedAt: undefined,
  };
}
