import type { Level } from "./decimal.ts";
import { Heap } from "./heap.ts";
import { awakeFrom, lineOf, type Observation, type Rule, type RuleState, turn } from "./rule.ts";

/** A rule among those that look at the same values. */
export interface Entry {
  readonly rule: Rule;
  state: RuleState;
  /** Rises whenever it is seated anew; what a heap still holds of an older seat counts for nothing. */
  seat: number;
}

export interface Turn {
  readonly entry: Entry;
  readonly before: RuleState;
  readonly after: RuleState;
  readonly observation: Observation;
}

interface Seat {
  readonly entry: Entry;
  readonly seat: number;
  /** The line, or for one that sleeps the time until when. */
  readonly key: Level;
}

/** Old seats are swept out when they are this many, and the more part. */
const SWEEP_FROM = 1024;

/**
 * The rules that look at one series of values. Each waits at the one line that would turn it next, so that a value
 * between all lines costs two comparisons, however many the rules are.
 */
export class Watch {
  readonly #entries = new Set<Entry>();
  #risers = risers();
  #fallers = fallers();
  #sleepers = risers();

  get size(): number {
    return this.#entries.size;
  }

  add(entry: Entry): void {
    this.#entries.add(entry);
    this.#wait(entry);
  }

  remove(entry: Entry): void {
    this.#entries.delete(entry);
    entry.seat += 1;
  }

  /** Puts the entry into the state, and where that makes it wait. */
  reseat(entry: Entry, state: RuleState): void {
    entry.state = state;
    if (this.#entries.has(entry)) this.#wait(entry);
  }

  /** Turns those that the observation turns. */
  observe(observation: Observation): Turn[] {
    const { level, at } = observation;
    this.#sweep();
    for (const entry of take(this.#sleepers, (until) => until <= BigInt(at))) this.#wait(entry, at);
    const reached = [...take(this.#risers, (line) => line <= level), ...take(this.#fallers, (line) => line >= level)];
    return reached.flatMap((entry): Turn[] => {
      const before = entry.state;
      const after = turn(entry.rule, before, observation);
      entry.state = after ?? before;
      this.#wait(entry, at);
      return after ? [{ entry, before, after, observation }] : [];
    });
  }

  #wait(entry: Entry, now = -Infinity): void {
    entry.seat += 1;
    const { rule, state, seat } = entry;
    const awake = awakeFrom(rule, state);
    if (awake > now) {
      this.#sleepers.push({ entry, seat, key: BigInt(awake) });
      return;
    }
    const { when, level } = lineOf(rule, state);
    (when === "rises-to" ? this.#risers : this.#fallers).push({ entry, seat, key: level });
  }

  #sweep(): void {
    const seats = this.#risers.size + this.#fallers.size + this.#sleepers.size;
    if (seats < SWEEP_FROM || seats < 2 * this.#entries.size) return;
    [this.#risers, this.#fallers, this.#sleepers] = [risers(), fallers(), risers()];
    for (const entry of this.#entries) this.#wait(entry);
  }
}

const risers = () => new Heap<Seat>((a, b) => a.key < b.key);
const fallers = () => new Heap<Seat>((a, b) => a.key > b.key);

/** Takes out the entries whose key fits, for as long as the first one does. */
function take(heap: Heap<Seat>, fits: (key: bigint) => boolean): Entry[] {
  const taken: Entry[] = [];
  for (let first = heap.peek(); first !== undefined && fits(first.key); first = heap.peek()) {
    heap.pop();
    if (first.seat === first.entry.seat) taken.push(first.entry);
  }
  return taken;
}
