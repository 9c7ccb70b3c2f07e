import { createHash } from "node:crypto";

import { MOST_TEXT, type RawPost, rawPost } from "../../../services/shared/topics/posts.ts";

/** A raw post of `author`, as the topic has it. */
export function raw(text: string, { id = "1", author = "ann", ...rest }: Partial<RawPost> = {}): RawPost {
  return {
    v: 1,
    id: `reddit:${id}`,
    source: "reddit",
    author: createHash("md5").update(author).digest("hex"),
    text,
    language: null,
    createdAt: "2026-11-24T07:00:00.000Z",
    receivedAt: "2026-11-24T07:00:01.000Z",
    fence: 1,
    ...rest,
  };
}

/** Whether the topic would carry it: what can't come in needs no answer. */
export const fits = (post: RawPost): boolean => rawPost.safeParse(post).success && post.text.length <= MOST_TEXT;
