import * as frames from "./frames.ts";
import type { Offsets } from "./requests.ts";
import type { Update } from "./ring.ts";
import type { TopicStream } from "./stream.ts";

/** Updates read at a time; the socket drains between two such slices. */
const SLICE = 500;
/** A position this far beyond our own isn't a lead of another replica but one of another topic. */
const FAR_AHEAD = 10_000;

/** What a subscription still has to be sent before it is live. */
export interface Replay {
  readonly keys: Set<string>;
  /** Next offset by partition, for every partition. */
  readonly cursors: Map<number, number>;
}

/** @returns the replay, the gap frames to send first, or the partition that doesn't exist */
export function planReplay(
  stream: TopicStream,
  keys: Iterable<string>,
  from: Offsets = {},
): { replay: Replay; gaps: string[] } | { unknownPartition: string } {
  const cursors = stream.next();
  const gaps: string[] = [];
  for (const [name, last] of Object.entries(from)) {
    const partition = Number(name);
    const next = cursors.get(partition);
    if (next === undefined) return { unknownPartition: name };
    if (last + 1 > next + FAR_AHEAD) gaps.push(frames.gap(stream.channel, partition, last + 1, next - 1));
    else cursors.set(partition, last + 1);
  }
  return { replay: { keys: new Set(keys), cursors }, gaps };
}

/** The positions after which a replay's updates follow. */
export function positionsBefore(replay: Replay): Offsets {
  return Object.fromEntries([...replay.cursors].map(([partition, next]) => [String(partition), next - 1]));
}

export interface Sink {
  update(update: Update): void;
  text(frame: string): void;
}

/**
 * Sends the next slice of a replay, without yielding, so that no live update can fall between it and the check.
 *
 * @returns true when nothing is left: from here on the subscription is live
 */
export function replaySlice(stream: TopicStream, replay: Replay, sink: Sink): boolean {
  let done = true;
  for (const [partition, cursor] of replay.cursors) {
    const ring = stream.ring(partition);
    if (!ring || cursor >= ring.next) continue;
    if (cursor < ring.heldFrom) sink.text(frames.gap(stream.channel, partition, cursor, ring.heldFrom - 1));
    const start = Math.max(cursor, ring.heldFrom);
    const slice = ring.read(start, SLICE);
    for (const update of slice) if (replay.keys.has(update.key)) sink.update(update);
    const last = slice.at(-1);
    const next = slice.length === SLICE && last ? last.offset + 1 : ring.next;
    replay.cursors.set(partition, next);
    if (next < ring.next) done = false;
  }
  return done;
}
