import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import { Crowd, type CrowdOptions } from "./crowd.ts";
import { renderAtom, renderRss, type Rendered } from "./feeds.ts";
import { JETSTREAM_PATH, JetstreamReplay } from "./jetstream.ts";
import { listingOf } from "./listing.ts";

export const RSS_PATH = "/feeds/rss.xml";
export const ATOM_PATH = "/feeds/atom.xml";
export const REDDIT_PATH = "/r/CryptoCurrency/new.json";

export interface PostsReplay {
  readonly crowd: Crowd;
  /** @returns whether the path is one of its own */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** @returns whether the path is one of its own */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
  /** Cuts every reader of the stream. */
  cut(): void;
}

/**
 * Sources of posts in their own formats, written by one crowd that begins with its first reader: Jetstream's WebSocket,
 * an RSS and an Atom feed of the same articles, a listing of Reddit. Beside them `GET /posts/written` counts.
 */
export function createPostsReplay(options: Omit<CrowdOptions, "onPost">): PostsReplay {
  const crowd = new Crowd({
    ...options,
    onPost: (place, post) => {
      if (place === "bluesky") jetstream.post(post);
    },
  });
  const jetstream = new JetstreamReplay(crowd);
  return {
    crowd,
    upgrade: (request, socket, head) => {
      if (urlOf(request).pathname !== JETSTREAM_PATH) return false;
      jetstream.upgrade(request, socket, head);
      return true;
    },
    answer: (request, response) => {
      const { pathname, searchParams } = urlOf(request);
      if (request.method !== "GET") return false;
      if (pathname === "/posts/written") sendJson(response, crowd.written());
      else if (pathname === RSS_PATH) read(() => sendFeed(request, response, renderRss(crowd.posts.rss)));
      else if (pathname === ATOM_PATH) read(() => sendFeed(request, response, renderAtom(crowd.posts.rss)));
      else if (pathname === REDDIT_PATH) read(() => sendListing(response, listingOf(crowd.posts.reddit, searchParams)));
      else return false;
      return true;
    },
    cut: () => jetstream.cut(),
  };

  function read(answer: () => void): void {
    crowd.start();
    answer();
  }
}

const urlOf = (request: IncomingMessage): URL => new URL(request.url ?? "/", "http://replay");

function sendFeed(request: IncomingMessage, response: ServerResponse, feed: Rendered): void {
  response.setHeader("etag", feed.etag);
  response.setHeader("last-modified", feed.lastModified);
  if (request.headers["if-none-match"] === feed.etag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { "content-type": `${feed.type}; charset=utf-8` });
  response.end(feed.body);
}

/** With the headers of a client that has asked little yet. */
function sendListing(response: ServerResponse, listing: unknown): void {
  response.setHeader("x-ratelimit-used", "1");
  response.setHeader("x-ratelimit-remaining", "99.0");
  response.setHeader("x-ratelimit-reset", "600");
  sendJson(response, listing);
}

function sendJson(response: ServerResponse, document: unknown): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(document));
}
