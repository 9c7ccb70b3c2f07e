import { z } from "zod";

import type { FoundPost } from "./source.ts";

/**
 * Bluesky's Jetstream: the network's events as JSON, one a frame, in the order of `time_us`. Events of accounts and
 * identities come whatever is asked for. @source github.com/bluesky-social/jetstream, README, read 2026-11
 */
export const COLLECTION = "app.bsky.feed.post";

const frame = z.object({
  /** @source atproto.com/specs/did and record-key: at most 2,048 and 512 characters */
  did: z.string().regex(/^did:[a-z]{1,32}:[\w.:%-]{1,2048}$/),
  /** Microseconds since 1970, the server's. */
  time_us: z.int().positive(),
  kind: z.string(),
  commit: z
    .object({
      operation: z.string(),
      collection: z.string(),
      rkey: z.string().max(512),
      /** Not there when a post is deleted. */
      record: z.unknown().optional(),
    })
    .optional(),
});

const record = z.object({
  text: z.string(),
  createdAt: z.string().optional().catch(undefined),
  langs: z.array(z.string()).optional().catch(undefined),
});

export type JetstreamEvent =
  | { readonly kind: "post"; readonly timeMicroseconds: number; readonly post: FoundPost }
  /** Something else, which tells only how far the stream is. */
  | { readonly kind: "other"; readonly timeMicroseconds: number }
  | { readonly kind: "unknown" };

/** Reads a frame; never a throw. Only what is new counts: an edit or a deletion takes back no sentiment. */
export function readFrame(text: string): JetstreamEvent {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "unknown" };
  }
  const parsed = frame.safeParse(json);
  if (!parsed.success) return { kind: "unknown" };
  const { did, time_us: timeMicroseconds, kind, commit } = parsed.data;
  if (kind !== "commit" || commit?.operation !== "create" || commit.collection !== COLLECTION) {
    return { kind: "other", timeMicroseconds };
  }
  const content = record.safeParse(commit.record);
  if (!content.success) return { kind: "other", timeMicroseconds };
  const { text: words, createdAt, langs } = content.data;
  return {
    kind: "post",
    timeMicroseconds,
    post: {
      source: "bluesky",
      id: `${did}/${commit.rkey}`,
      author: did,
      text: words,
      // Who names several languages doesn't say which one this is.
      language: langs?.length === 1 ? langs[0] : undefined,
      createdAt: createdAt === undefined ? undefined : Date.parse(createdAt),
      listedAt: Math.floor(timeMicroseconds / 1000),
    },
  };
}

/** Whom to ask for what comes after a time of the server's. */
export function subscribeUrl(base: string, cursorMicroseconds: number): string {
  const url = new URL(base);
  if (!url.searchParams.has("wantedCollections")) url.searchParams.set("wantedCollections", COLLECTION);
  url.searchParams.set("cursor", String(cursorMicroseconds));
  return url.href;
}
