import { createHash } from "node:crypto";

/** Strong, as it stands for these very bytes. */
export function strongTag(text: string): string {
  return `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
}

/** @source RFC 9110, section 8.8.3 */
const TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/**
 * Whether an If-None-Match says that the client has what the tag stands for. The comparison is the weak one: a proxy that
 * compresses makes our strong tag a weak one. Express would not look at it in a request that says `no-cache`, which
 * browsers add to each request whose tag a script has set.
 *
 * @source RFC 9110, section 13.1.2
 */
export function hasTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return [...ifNoneMatch.matchAll(TAG)].some(([, opaque]) => opaque === tag);
}
