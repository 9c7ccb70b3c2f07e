/** A stream of posts in Jetstream's format whose every post is about one coin, by an author of its own. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocketServer, type WebSocket } from "ws";
import { createDigest } from "../../../services/data-ingestion/posts/digest.ts";
import type { Database } from "./database.ts";

export interface Post {
  /** As its source names it. */
  readonly id: string;
  readonly symbol: string;
}

export interface PostSource {
  /** ws: */
  readonly url: string;
  /** Writes one post. */
  write(symbol: string): Post;
  close(): Promise<void>;
}

interface Written {
  readonly microseconds: number;
  readonly frame: string;
}

/** Short, and so compared with their own author's posts only: none is a copy of another. */
const FEELINGS = ["bullish", "rekt", "happy", "scared"];

/** Keeps what was written, and sends what a reader's cursor asks for, as Bluesky's servers do. */
export async function startPosts(): Promise<PostSource> {
  const written: Written[] = [];
  const readers = new Set<WebSocket>();
  let last = 0;
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  server.on("connection", (reader, { url }) => {
    const cursor = Number(new URL(url ?? "/", "http://posts").searchParams.get("cursor") ?? Infinity);
    for (const { microseconds, frame } of written) if (microseconds >= cursor) reader.send(frame);
    readers.add(reader);
    reader.on("error", () => reader.terminate()).once("close", () => readers.delete(reader));
  });
  await once(server, "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/subscribe`,
    write: (symbol) => {
      const number = written.length;
      last = Math.max(last + 1, Date.now() * 1000);
      const [did, rkey] = [`did:plc:author${String(number).padStart(18, "a")}`, `3k${number}`];
      const text = `${FEELINGS[number % FEELINGS.length] ?? ""} about $${symbol} ${number}`;
      const frame = JSON.stringify({
        ...{ did, time_us: last, kind: "commit" },
        commit: {
          ...{ operation: "create", collection: "app.bsky.feed.post", rkey },
          record: { text, langs: ["en"], createdAt: new Date(last / 1000).toISOString() },
        },
      });
      written.push({ microseconds: last, frame });
      for (const reader of readers) reader.send(frame);
      return { id: `${did}/${rkey}`, symbol };
    },
    close: async () => {
      for (const reader of server.clients) reader.terminate();
      server.close();
      await once(server, "close");
    },
  };
}

const EVERY_MILLISECONDS = 10;

/** Writes so many posts about these coins, evenly over the time. */
export async function writePosts(
  source: PostSource,
  symbols: readonly string[],
  count: number,
  milliseconds: number,
): Promise<readonly Post[]> {
  const written: Post[] = [];
  const start = performance.now();
  while (written.length < count) {
    const due = Math.min(count, Math.ceil(((performance.now() - start) / milliseconds) * count));
    while (written.length < due) written.push(source.write(symbols[written.length % symbols.length] ?? ""));
    await sleep(EVERY_MILLISECONDS);
  }
  return written;
}

/** As they are stored: `<source>:<keyed hash> <symbol>`. */
export async function storedNames(database: Database, posts: readonly Post[]): Promise<readonly string[]> {
  const [row] = await database.rows<{ key: Buffer }>("select key from post_digest_key");
  const digest = createDigest(row?.key ?? Buffer.alloc(0));
  return posts.map(({ id, symbol }) => `${digest.post("bluesky", id)} ${symbol}`);
}
