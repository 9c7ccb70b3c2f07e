import { type Prose, Writers } from "./prose.ts";

export const PLACES = ["bluesky", "rss", "reddit"] as const;
export type Place = (typeof PLACES)[number];

export interface WrittenPost extends Prose {
  /** Microseconds since 1970; rises from post to post. */
  readonly timeMicroseconds: number;
}

export interface CrowdOptions {
  readonly seed: number;
  /** Posts per second, over all places; they go round them. */
  readonly rate: number;
  readonly total?: number;
  readonly onPost?: (place: Place, post: WrittenPost) => void;
}

const TICK_MS = 20;

/** Who writes in all places: posts at a steady rate, all of them remembered. */
export class Crowd {
  readonly posts: Readonly<Record<Place, WrittenPost[]>> = { bluesky: [], rss: [], reddit: [] };
  readonly #options: CrowdOptions;
  readonly #writers: Writers;
  #written = 0;
  #owed = 0;
  #last = 0;
  #lastTime = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CrowdOptions) {
    this.#options = options;
    this.#writers = new Writers(options.seed);
  }

  /** Begins with the first reader of any place; later calls do nothing. */
  start(): void {
    if (this.#written > 0) return;
    for (let i = 0; i < PLACES.length; i += 1) this.#write();
    this.resume();
  }

  pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  resume(): void {
    if (this.#timer || this.#done() || this.#written === 0) return;
    this.#last = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** How many there are, by place. */
  written(): Record<Place, number> {
    const { bluesky, rss, reddit } = this.posts;
    return { bluesky: bluesky.length, rss: rss.length, reddit: reddit.length };
  }

  #tick(): void {
    const now = performance.now();
    this.#owed += ((now - this.#last) / 1000) * this.#options.rate;
    this.#last = now;
    for (; this.#owed >= 1 && !this.#done(); this.#owed -= 1) this.#write();
    if (this.#done()) this.pause();
  }

  #done(): boolean {
    return this.#written >= (this.#options.total ?? Infinity);
  }

  #write(): void {
    const place = PLACES[this.#written % PLACES.length] ?? "bluesky";
    this.#written += 1;
    this.#lastTime = Math.max(this.#lastTime + 1, Date.now() * 1000);
    const post = { ...this.#writers.next(), timeMicroseconds: this.#lastTime };
    this.posts[place].push(post);
    this.#options.onPost?.(place, post);
  }
}
