import type { Audience, Member } from "./audience.ts";
import type { Channel } from "./channel.ts";
import { Conflation } from "./conflation.ts";
import * as frames from "./frames.ts";
import type { Limits } from "./limits.ts";
import type { Outlet } from "./outlet.ts";
import { planReplay, positionsBefore, type Replay, replaySlice } from "./replay.ts";
import type { Offsets, Refusal } from "./requests.ts";
import type { Update } from "./ring.ts";
import type { TopicStream } from "./stream.ts";

export interface SubscriptionOptions {
  readonly stream: TopicStream;
  readonly audience: Audience;
  readonly outlet: Outlet;
  readonly limits: Limits;
}

export interface Wish {
  readonly keys: readonly string[];
  /** Absent: from now on. */
  readonly from?: Offsets | undefined;
  /** Stays on once asked for, for the rest of the connection. */
  readonly conflate?: boolean | undefined;
}

/**
 * What one client gets of one channel. A key is either live, or in a replay that leads there: updates are read from the
 * rings by position, and the switch to live happens in the same turn in which the replay reaches the end, so none is
 * missed or doubled.
 */
export class Subscription implements Member {
  /** Keys that are live, with the offset by partition below which the client has seen everything. */
  readonly #live = new Map<string, ReadonlyMap<number, number>>();
  readonly #replays: Replay[] = [];
  readonly #options: SubscriptionOptions;
  #conflation: Conflation | undefined;
  #pumping = false;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  subscribe({ keys, from, conflate }: Wish): Refusal | undefined {
    const { limits, stream, outlet } = this.#options;
    const { channel } = stream;
    if (!stream.caughtUp()) {
      return { code: "channel-unavailable", detail: "This channel is not there at the moment; ask again." };
    }
    const known = this.#keys();
    const added = new Set(keys.filter((key) => !known.has(key)));
    const refusal = tooMany(channel, known.size + added.size, limits);
    if (refusal) return refusal;
    if (this.#replays.length >= limits.replays) {
      return { code: "too-many-replays", detail: "Wait until earlier subscriptions have caught up." };
    }
    const plan = planReplay(stream, added, from);
    if ("unknownPartition" in plan) {
      return { code: "unknown-partition", detail: `There is no partition ${plan.unknownPartition}.` };
    }
    if (conflate) this.#conflation ??= new Conflation(outlet, channel, limits.conflateBytes);
    outlet.send(frames.subscribed(channel, keys, positionsBefore(plan.replay)));
    if (added.size === 0) return undefined;
    for (const frame of plan.gaps) outlet.send(frame);
    this.#replays.push(plan.replay);
    void this.#pump();
    return undefined;
  }

  unsubscribe(keys: readonly string[]): void {
    const { stream, audience, outlet } = this.#options;
    for (const key of keys) {
      for (const replay of this.#replays) replay.keys.delete(key);
      if (this.#live.delete(key)) audience.setLive(key, this, false);
      this.#conflation?.forget(key);
    }
    outlet.send(frames.unsubscribed(stream.channel, keys));
  }

  /** Sends a live update of a key that is live, and no other. */
  deliver(update: Update): void {
    const seen = this.#live.get(update.key);
    if (!seen || update.offset < (seen.get(update.partition) ?? 0)) return;
    if (this.#conflation) this.#conflation.take(update);
    else this.#options.outlet.sendLive(update.data);
  }

  /** Tells a live client that offsets are lost. */
  tellGap(partition: number, from: number, to: number): void {
    const { outlet, stream } = this.#options;
    outlet.send(frames.gap(stream.channel, partition, from, to));
  }

  /** Forgets all keys; says nothing. */
  end(): void {
    this.#replays.length = 0;
    for (const key of this.#live.keys()) this.#options.audience.setLive(key, this, false);
    this.#live.clear();
    this.#conflation?.forget();
  }

  /** Works replays off one by one, letting the socket drain between slices. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    const { stream, outlet, audience } = this.#options;
    const sink = { update: (update: Update) => outlet.send(update.data), text: (frame: string) => outlet.send(frame) };
    for (let replay = this.#replays[0]; replay; replay = this.#replays[0]) {
      while (!replaySlice(stream, replay, sink)) {
        await outlet.drained();
        if (this.#replays[0] !== replay) break;
      }
      if (this.#replays[0] !== replay) continue;
      this.#replays.shift();
      for (const key of replay.keys) {
        this.#live.set(key, replay.cursors);
        audience.setLive(key, this, true);
      }
    }
    this.#pumping = false;
  }

  #keys(): Set<string> {
    return new Set([...this.#live.keys(), ...this.#replays.flatMap((replay) => [...replay.keys])]);
  }
}

function tooMany(channel: Channel, wanted: number, limits: Limits): Refusal | undefined {
  if (channel === "prices" && wanted > limits.products) {
    return { code: "too-many-products", detail: `At most ${limits.products} products a connection.` };
  }
  if (channel === "sentiment" && wanted > limits.symbols) {
    return { code: "too-many-symbols", detail: `At most ${limits.symbols} symbols a connection.` };
  }
  return undefined;
}
