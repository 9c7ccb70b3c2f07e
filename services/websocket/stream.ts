import type { Logger } from "../shared/logging.ts";
import type { Channel, ChannelForm, Decoder } from "./channel.ts";
import { Ring, type Update } from "./ring.ts";

/** What a partition held when this replica started. Offsets; `high` is the one that will be written next. */
export interface Watermarks {
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

export interface StreamListener {
  onUpdate(update: Update): void;
  /** Offsets `from` to `to` are lost to this replica, and so to its live clients. */
  onGap(partition: number, from: number, to: number): void;
}

export interface StreamOptions {
  readonly form: ChannelForm;
  readonly log: Logger;
  /** Default: the form's. */
  readonly capacity?: number;
  /** Default: the form's. */
  readonly priming?: number;
}

/**
 * A topic as this replica knows it: one ring per partition, each update once. Single-threaded, synchronous.
 *
 * A replica that starts in the middle of the topic can't know that a message repeats one from before its start, so the
 * first ones read only teach the decoder.
 */
export class TopicStream {
  readonly #rings = new Map<number, Ring>();
  readonly #targets = new Map<number, number>();
  readonly #primedAt = new Map<number, number>();
  readonly #decode: Decoder;
  readonly #form: ChannelForm;
  readonly #log: Logger;
  readonly #capacity: number;
  readonly #priming: number;
  #listener: StreamListener | undefined;
  #begun = false;

  constructor({ form, log, capacity = form.capacity, priming = form.priming }: StreamOptions) {
    this.#form = form;
    this.#decode = form.createDecoder(priming);
    this.#log = log;
    this.#capacity = capacity;
    this.#priming = priming;
  }

  get channel(): Channel {
    return this.#form.channel;
  }

  listen(listener: StreamListener): void {
    this.#listener = listener;
  }

  /** Sets where to start in each partition, and how far to read before this replica is as good as any other. */
  begin(watermarks: readonly Watermarks[]): void {
    for (const { partition, low, high } of watermarks) {
      const start = Math.max(low, high - this.#capacity - this.#priming);
      this.#rings.set(partition, new Ring(this.#capacity, start));
      this.#targets.set(partition, high);
      this.#primedAt.set(partition, start > low ? start + this.#priming : start);
    }
    this.#begun = true;
  }

  /** Where to read on, for partitions just assigned; one that is new to us is read from its beginning. */
  positions(partitions: readonly number[]): Map<number, number> {
    return new Map(partitions.map((partition) => [partition, this.#ringOf(partition).next]));
  }

  /** Takes one message of the topic, in order. */
  accept(partition: number, offset: number, value: Buffer | null): void {
    const ring = this.#ringOf(partition);
    if (offset < ring.next) return;
    if (offset > ring.next) this.#lose(ring, partition, offset);
    const decoded = this.#decode(value, partition, offset);
    if (!decoded.ok) {
      const { channel } = this;
      this.#log.warn({ channel, partition, offset, reason: decoded.reason }, "skipped a message that does not fit");
      ring.skip(offset);
      return;
    }
    if (offset < (this.#primedAt.get(partition) ?? 0)) {
      ring.restart(offset + 1);
      return;
    }
    if (!decoded.isNew) {
      ring.skip(offset);
      return;
    }
    const update: Update = { partition, offset, key: decoded.key, data: decoded.frame() };
    ring.push(update);
    this.#listener?.onUpdate(update);
  }

  /** True once every partition has been read as far as it went when this replica started. */
  caughtUp(): boolean {
    return this.#begun && [...this.#targets].every(([partition, high]) => this.#ringOf(partition).next >= high);
  }

  ring(partition: number): Ring | undefined {
    return this.#rings.get(partition);
  }

  /** The next offset of each partition. */
  next(): Map<number, number> {
    return new Map([...this.#rings].map(([partition, ring]) => [partition, ring.next]));
  }

  #lose(ring: Ring, partition: number, offset: number): void {
    const from = ring.next;
    const { channel } = this;
    this.#log.error(
      { channel, partition, from, to: offset - 1 },
      "offsets are gone from the topic before they were read",
    );
    ring.restart(offset);
    this.#listener?.onGap(partition, from, offset - 1);
  }

  #ringOf(partition: number): Ring {
    let ring = this.#rings.get(partition);
    if (!ring) {
      ring = new Ring(this.#capacity, 0);
      this.#rings.set(partition, ring);
    }
    return ring;
  }
}
