import { z } from "zod";

import { untilDone } from "../../shared/retry.ts";
import { subscribeUrl } from "./jetstream.ts";
import { type ConnectionOptions, holdConnection } from "./jetstream-connection.ts";
import { Recent } from "./recent.ts";
import type { FoundPost, PostSource, Turn } from "./source.ts";

export interface JetstreamOptions {
  readonly url: string;
  readonly timing?: Pick<ConnectionOptions, "silence" | "backoff"> & {
    /** Milliseconds between two writes of the position. */
    readonly keepEvery?: number;
  };
}

/** One position for all of its servers: they share the clock that cursors are of, but for a little. */
const STREAM = "jetstream";
/** How much is asked for again: what was slightly out of order, and what another server saw slightly later. */
const OVERLAP_MICROSECONDS = 5_000_000;
/** More posts than the whole network writes in the overlap, at a thousand a second. */
const MOST_RECENT = 20_000;
const BATCH = 500;
const KEEP_EVERY_MS = 1_000;
const MARKS = { high: 10_000, low: 2_500 } as const;

const position = z.object({ cursor: z.int().positive() });
type Position = z.infer<typeof position>;

interface Waiting {
  readonly timeMicroseconds: number;
  readonly post: FoundPost;
}

/** Bluesky's posts as they are written. The position is the server's time of the last post that the topic has. */
export function createJetstream({ url, timing = {} }: JetstreamOptions): PostSource {
  return {
    name: "bluesky",
    carry: async (turn) => {
      const start = await untilDone(() => beginning(turn), {
        signal: turn.signal,
        onFailure: (error) => turn.log.warn({ err: error }, "the position can't be had yet"),
      });
      if (start !== undefined) await follow(turn, url, start, timing);
    },
  };
}

/**
 * Where the ownership before this one was; the first one of all begins now, and keeps that before it publishes anything:
 * a second one, coming before the first has kept more, would begin later and leave a hole.
 */
async function beginning(turn: Turn): Promise<number | undefined> {
  const kept = position.safeParse(await turn.position(STREAM)).data;
  if (kept) return kept.cursor;
  const cursor = Date.now() * 1000;
  return (await turn.keep(STREAM, { cursor } satisfies Position)) ? cursor : undefined;
}

async function follow(
  turn: Turn,
  url: string,
  start: number,
  { keepEvery = KEEP_EVERY_MS, ...timing }: NonNullable<JetstreamOptions["timing"]>,
): Promise<void> {
  const { signal, log } = turn;
  const recent = new Recent(MOST_RECENT);
  const waiting: Waiting[] = [];
  let wake = Promise.withResolvers<undefined>();
  let received = start;
  let held = false;

  const connection = holdConnection({
    ...timing,
    // What was received waits here until it is published, so a new connection continues from there.
    url: () => subscribeUrl(url, Math.max(1, received - OVERLAP_MICROSECONDS)),
    signal,
    log,
    onEvent: (event) => {
      received = Math.max(received, event.timeMicroseconds);
      if (event.kind !== "post" || !recent.isNew(event.post.id)) return;
      waiting.push({ timeMicroseconds: event.timeMicroseconds, post: event.post });
      hold(waiting.length > MARKS.high);
      wake.resolve(undefined);
    },
  });
  const hold = (to: boolean): void => {
    if (to === held) return;
    held = to;
    log.warn({ waiting: waiting.length }, to ? "publishing lags; the stream is held back" : "publishing has caught up");
    if (to) connection.pause();
    else connection.resume();
  };
  signal.addEventListener("abort", () => wake.resolve(undefined), { once: true });

  let published = start;
  let kept = published;
  let keptAt = performance.now();
  const keep = async (): Promise<void> => {
    if (published === kept) return;
    const cursor = published;
    if (await turn.keep(STREAM, { cursor } satisfies Position)) kept = cursor;
    keptAt = performance.now();
  };
  while (!signal.aborted) {
    if (waiting.length === 0) {
      wake = Promise.withResolvers();
      await wake.promise;
      continue;
    }
    const batch = waiting.slice(0, BATCH);
    if (!(await turn.publish(batch.map(({ post }) => post)))) break;
    waiting.splice(0, batch.length);
    published = batch.reduce((latest, { timeMicroseconds }) => Math.max(latest, timeMicroseconds), published);
    if (waiting.length < MARKS.low) hold(false);
    if (performance.now() - keptAt >= keepEvery) await keep();
  }
  await Promise.all([keep(), connection.ended]);
}
