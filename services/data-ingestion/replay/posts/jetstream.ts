import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

import { type WebSocket, WebSocketServer } from "ws";

import type { Crowd, WrittenPost } from "./crowd.ts";

export const JETSTREAM_PATH = "/subscribe";

/** Bluesky's stream of posts: what was written since the cursor first, then what is written now. */
export class JetstreamReplay {
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
  readonly #readers = new Set<WebSocket>();
  readonly #crowd: Crowd;

  constructor(crowd: Crowd) {
    this.#crowd = crowd;
  }

  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const query = new URL(incoming.url ?? "/", "http://replay").searchParams;
    const cursor = query.has("cursor") ? Number(query.get("cursor")) : Infinity;
    this.#server.handleUpgrade(incoming, socket, head, (reader) => {
      reader.on("error", () => reader.terminate());
      reader.once("close", () => this.#readers.delete(reader));
      for (const post of this.#crowd.posts.bluesky) if (post.timeMicroseconds >= cursor) reader.send(frameOf(post));
      // An event that comes whatever is asked for.
      const account = { did: didOf("writer0"), time_us: Date.now() * 1000, kind: "account", account: { active: true } };
      reader.send(JSON.stringify(account));
      this.#readers.add(reader);
      this.#crowd.start();
    });
  }

  post(post: WrittenPost): void {
    const frame = frameOf(post);
    for (const reader of this.#readers) reader.send(frame);
  }

  /** Cuts every reader, as a failing server would. */
  cut(): void {
    for (const reader of this.#readers) reader.terminate();
  }
}

const didOf = (author: string): string => `did:plc:${author.padEnd(24, "2")}`;

/** The source's id of a post, as a reader has it. */
export const blueskyId = ({ author, number }: WrittenPost): string => `${didOf(author)}/3k${number}`;

function frameOf({ number, author, title, text, timeMicroseconds }: WrittenPost): string {
  return JSON.stringify({
    did: didOf(author),
    time_us: timeMicroseconds,
    kind: "commit",
    commit: {
      rev: `rev${number}`,
      operation: "create",
      collection: "app.bsky.feed.post",
      rkey: `3k${number}`,
      record: {
        $type: "app.bsky.feed.post",
        createdAt: new Date(timeMicroseconds / 1000).toISOString(),
        langs: ["en"],
        text: `${title}; ${text}`,
      },
      cid: `bafyrei${number}`,
    },
  });
}
