/** A source's turn without Kafka and Postgres, and servers that answer as a test wants. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

import type { FoundPost, Turn } from "../../../../services/data-ingestion/posts/source.ts";
import { quiet } from "../../support.ts";

export interface TestTurn {
  readonly turn: Turn;
  /** Ids in the order in which they were published. */
  readonly published: string[];
  readonly positions: Map<string, unknown>;
  readonly end: () => void;
}

/** @param before positions that an earlier turn left @param refuse says whether a publication fails for good, as at a loss */
export function testTurn(
  before: ReadonlyMap<string, unknown> = new Map(),
  refuse: (posts: readonly FoundPost[]) => boolean = () => false,
): TestTurn {
  const ending = new AbortController();
  const published: string[] = [];
  const positions = new Map(before);
  return {
    published,
    positions,
    end: () => ending.abort(),
    turn: {
      signal: ending.signal,
      log: quiet,
      position: (stream) => Promise.resolve(positions.get(stream)),
      publish: (posts) => {
        if (refuse(posts)) return Promise.resolve(false);
        published.push(...posts.map(({ id }) => id));
        return Promise.resolve(true);
      },
      keep: (stream, position) => {
        // As Postgres would give it back.
        positions.set(stream, JSON.parse(JSON.stringify(position)));
        return Promise.resolve(true);
      },
    },
  };
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

export async function serve(listener: RequestListener): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
