import { MOST_TEXT, type RawPost } from "../../shared/topics/posts.ts";
import type { Digest } from "./digest.ts";
import type { FoundPost } from "./source.ts";

/** The first block of Bitcoin: a post that claims to be older is wrong about its time. */
export const EARLIEST = Date.UTC(2009, 0, 3);

export interface Receipt {
  readonly digest: Digest;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly fence: number;
}

/** What the topic takes of a post; undefined when it has no words. */
export function toRawPost(found: FoundPost, { digest, receivedAt, fence }: Receipt): RawPost | undefined {
  const text = cut(found.text.toWellFormed().trim(), MOST_TEXT).trim();
  if (text === "") return undefined;
  return {
    v: 1,
    id: digest.post(found.source, found.id),
    source: found.source,
    author: digest.author(found.source, found.author),
    text,
    language: subtag(found.language),
    createdAt: new Date(timeOf(found, receivedAt)).toISOString(),
    receivedAt: new Date(receivedAt).toISOString(),
    fence,
  };
}

/**
 * When a post was written. Its author's clock counts unless it is ahead of the source's, which saw the post later: then
 * the source's does, and without one ours. Where a source has a clock, a post that comes twice has one time.
 */
function timeOf({ createdAt, listedAt }: FoundPost, receivedAt: number): number {
  const isSane = (time: number | undefined, latest: number): time is number =>
    time !== undefined && time >= EARLIEST && time <= latest;
  const atSource = isSane(listedAt, receivedAt) ? listedAt : receivedAt;
  return isSane(createdAt, atSource) ? createdAt : atSource;
}

/** `en` of `en-US`. @source RFC 5646 */
function subtag(tag: string | undefined): string | null {
  return /^([a-z]{2,3})(?:[-_]|$)/.exec(tag?.trim().toLowerCase() ?? "")?.[1] ?? null;
}

/** At most so many UTF-16 units, and no half of a character at the end. */
function cut(text: string, most: number): string {
  const end = text.slice(0, most);
  return end.isWellFormed() ? end : end.slice(0, -1);
}
