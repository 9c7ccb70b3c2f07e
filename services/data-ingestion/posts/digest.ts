import { createHmac } from "node:crypto";

import type { RawPost } from "../../shared/topics/posts.ts";

/** Names that say nothing to anybody without the key, and the same every time with it. */
export interface Digest {
  author(source: RawPost["source"], name: string): string;
  /** Hashed as well: Bluesky's ids hold the author's own identifier, and a feed's may be of any length and form. */
  post(source: RawPost["source"], id: string): string;
}

/** 128 bits: two of a billion authors share one with a chance of 1 in 10²⁰. */
const DIGITS = 32;

/** HMAC-SHA256, since a plain hash of a handle is found by hashing all handles. */
export function createDigest(key: Uint8Array): Digest {
  const digest = (...parts: readonly string[]): string =>
    createHmac("sha256", key).update(JSON.stringify(parts)).digest("hex").slice(0, DIGITS);
  return {
    author: (source, name) => digest("author", source, name),
    post: (source, id) => `${source}:${digest("post", source, id)}`,
  };
}
