/** One update as it is held and sent. */
export interface Update {
  readonly partition: number;
  readonly offset: number;
  /** Who gets it: the product, the symbol or the user that it is about. */
  readonly key: string;
  /** A whole text frame. */
  readonly data: Buffer;
}

/**
 * The last updates of one partition, in offset order.
 *
 * Offsets may be missing inside (messages dropped as repeated); whatever is at or above `heldFrom` and below `next` is
 * either here or was never to be sent.
 */
export class Ring {
  #entries: Update[] = [];
  /** Index of the oldest entry, once the ring is full. */
  #head = 0;
  #heldFrom: number;
  #next: number;
  readonly #capacity: number;

  constructor(capacity: number, start: number) {
    this.#capacity = capacity;
    this.#heldFrom = start;
    this.#next = start;
  }

  /** Lowest offset from which nothing is missing. */
  get heldFrom(): number {
    return this.#heldFrom;
  }

  /** The offset that will be read next. */
  get next(): number {
    return this.#next;
  }

  /** Adds an update; its offset must not be below `next`. */
  push(update: Update): void {
    if (update.offset < this.#next) throw new RangeError(`offset ${update.offset} came after ${this.#next}`);
    this.#next = update.offset + 1;
    if (this.#entries.length < this.#capacity) {
      this.#entries.push(update);
      return;
    }
    const oldest = this.#entries[this.#head];
    if (oldest) this.#heldFrom = oldest.offset + 1;
    this.#entries[this.#head] = update;
    this.#head = (this.#head + 1) % this.#capacity;
  }

  /** Passes an offset that holds nothing to send. */
  skip(offset: number): void {
    this.#next = Math.max(this.#next, offset + 1);
  }

  /** Forgets everything below `start`, because offsets before it are lost or not to be trusted. */
  restart(start: number): void {
    this.#entries = [];
    this.#head = 0;
    this.#heldFrom = start;
    this.#next = start;
  }

  /** At most `count` updates with an offset of `from` or above, oldest first. */
  read(from: number, count: number): Update[] {
    const found: Update[] = [];
    for (let i = this.#firstAtOrAbove(from); i < this.#entries.length && found.length < count; i += 1) {
      const entry = this.#at(i);
      if (entry) found.push(entry);
    }
    return found;
  }

  #at(index: number): Update | undefined {
    return this.#entries[(this.#head + index) % this.#capacity];
  }

  #firstAtOrAbove(offset: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#at(middle)?.offset ?? Infinity) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
