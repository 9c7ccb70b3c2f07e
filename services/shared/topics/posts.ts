import { z } from "zod";

import { instant, postId, postSource, symbol, wholeNumber } from "./fields.ts";
import { reader, writer } from "./read.ts";

/** Longer posts are cut before they are published: a topic's message is at most a megabyte. */
export const MOST_TEXT = 10_000;

/** A language by its subtag, `en`. @source RFC 5646 */
const language = z.string().regex(/^[a-z]{2,3}$/, "must be a language like en");

/**
 * A post as it was fetched, version 1 of posts.raw. Key: source and author, so that what one author writes stays in
 * order. At least once: a source that is fetched again gives the same ids.
 */
export const rawPost = z.object({
  v: z.literal(1),
  id: postId,
  source: postSource,
  /** A keyed hash of who wrote it: enough to tell two authors apart, not enough to find one. */
  author: z.string().regex(/^[0-9a-f]{32}$/, "must be 32 hexadecimal digits"),
  text: z.string().min(1).max(MOST_TEXT),
  /** As the source says; it is often wrong, and often not there. */
  language: language.nullable(),
  /** When it was written, by the source's own clock. */
  createdAt: instant,
  /** When we got it. */
  receivedAt: instant,
  /** Which ownership of the source published it. */
  fence: wholeNumber,
});
export type RawPost = z.infer<typeof rawPost>;
export const readRawPost = reader(rawPost);
export const writeRawPost = writer(rawPost);

/**
 * What a post says about one symbol, version 1 of posts.clean: a post that names three symbols gives three. Key: the
 * symbol. At least once; `id` and `symbol` together are one post's say on one symbol.
 */
export const cleanPost = z.object({
  v: z.literal(1),
  id: postId,
  source: postSource,
  symbol,
  /** All symbols of the post, this one among them: who compares many says less about each. */
  symbols: z.array(symbol).min(1).max(20),
  /** Without URLs, markup and names of people. */
  text: z.string().min(1).max(MOST_TEXT),
  /** As detected. */
  language,
  createdAt: instant,
  receivedAt: instant,
});
export type CleanPost = z.infer<typeof cleanPost>;
export const readCleanPost = reader(cleanPost);
export const writeCleanPost = writer(cleanPost);
