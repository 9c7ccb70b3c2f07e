import { createHash } from "node:crypto";

import { escapeUTF8 } from "entities";

import type { WrittenPost } from "./crowd.ts";

/** What a feed shows at a time. */
const SHOWN = 500;

export interface Rendered {
  readonly type: string;
  readonly body: string;
  readonly etag: string;
  readonly lastModified: string;
}

/** The source's id of an article: its URL. */
export const articleUrl = ({ number }: WrittenPost): string => `https://news.invalid/articles/${number}`;

/** The newest articles first. */
export function renderRss(posts: readonly WrittenPost[]): Rendered {
  const items = shown(posts).map(
    (post) =>
      `<item><title>${escapeUTF8(post.title)}</title><guid isPermaLink="true">${articleUrl(post)}</guid>` +
      `<link>${articleUrl(post)}</link><dc:creator>${post.author}</dc:creator>` +
      `<pubDate>${dateOf(post).toUTCString()}</pubDate>` +
      `<description><![CDATA[<p>${post.text}</p>]]></description></item>`,
  );
  return rendered(
    "application/rss+xml",
    `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>` +
      `<title>Replayed news</title><link>https://news.invalid/</link><description>News</description>` +
      `<language>en-us</language>${items.join("\n")}</channel></rss>`,
    posts,
  );
}

/** The same articles, as Atom writes them. */
export function renderAtom(posts: readonly WrittenPost[]): Rendered {
  const entries = shown(posts).map(
    (post) =>
      `<entry><id>${articleUrl(post)}</id><title>${escapeUTF8(post.title)}</title>` +
      `<author><name>${post.author}</name></author><link href="${articleUrl(post)}"/>` +
      `<published>${dateOf(post).toISOString()}</published><updated>${dateOf(post).toISOString()}</updated>` +
      `<summary type="html">${escapeUTF8(`<p>${post.text}</p>`)}</summary></entry>`,
  );
  return rendered(
    "application/atom+xml",
    `<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">` +
      `<id>https://news.invalid/</id><title>Replayed news</title>${entries.join("\n")}</feed>`,
    posts,
  );
}

const shown = (posts: readonly WrittenPost[]): readonly WrittenPost[] => posts.slice(-SHOWN).reverse();

const dateOf = ({ timeMicroseconds }: WrittenPost): Date => new Date(timeMicroseconds / 1000);

function rendered(type: string, body: string, posts: readonly WrittenPost[]): Rendered {
  const last = posts.at(-1);
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  return { type, body, etag, lastModified: (last ? dateOf(last) : new Date(0)).toUTCString() };
}
