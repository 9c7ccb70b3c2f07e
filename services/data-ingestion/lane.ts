import type { Logger } from "../shared/logging.ts";
import { type Backoff, pause, untilDone } from "../shared/retry.ts";
import type { Backfill, Gap, Trade } from "./exchanges/index.ts";
import { Sequencer } from "./sequencer.ts";

export interface LaneOptions {
  readonly product: string;
  /** The id to publish next; undefined begins with the first trade that comes. */
  readonly next: number | undefined;
  /** Time of the trade before it, or of it. */
  readonly since?: string | undefined;
  /** Makes the first trade known to later owners before anything is published. */
  readonly anchor: (first: Trade) => Promise<void>;
  readonly backfill: Backfill;
  /** Takes trades in order. */
  readonly publish: (trades: readonly Trade[]) => void;
  /** Resolves when more trades may be published. */
  readonly room: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly timing?: LaneTiming;
}

export interface LaneTiming {
  /** Milliseconds to wait before a gap is filled by REST, for trades that are only late. */
  readonly settle: number;
  readonly backoff: Backoff;
  /** How often the exchange may answer without the trade we miss before it is given up. */
  readonly answersWithout: number;
}

const TIMING: LaneTiming = { settle: 100, backoff: { first: 200, most: 5_000 }, answersWithout: 12 };

/** One product's way from the feed to the publisher: in order, gaps filled. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #timing: LaneTiming;
  readonly #sequencer: Sequencer;
  #repairing: Promise<void> | undefined;
  /** Time of the last trade that came out. */
  #since: string | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#timing = options.timing ?? TIMING;
    this.#sequencer = new Sequencer(options.next);
    this.#since = options.since;
  }

  /** Takes a trade of the feed. */
  offer(trade: Trade): void {
    this.#emit(this.#sequencer.offer(trade));
    this.#repair();
  }

  /** Takes the feed's word that trades up to this id exist. */
  heartbeat(lastTradeId: number): void {
    this.#sequencer.noteHighest(lastTradeId);
    this.#repair();
  }

  /** Resolves when no repair is under way. */
  async idle(): Promise<void> {
    await this.#repairing;
  }

  #emit(trades: readonly Trade[]): void {
    this.#since = trades.at(-1)?.time ?? this.#since;
    if (trades.length > 0 && !this.#options.signal.aborted) this.#options.publish(trades);
  }

  #repair(): void {
    if (this.#repairing || this.#options.signal.aborted) return;
    if (this.#sequencer.started && !this.#sequencer.missing()) return;
    this.#repairing = this.#repairAll()
      .catch((error: unknown) =>
        this.#options.log.error({ err: error, product: this.#options.product }, "repair failed"),
      )
      .finally(() => (this.#repairing = undefined));
  }

  async #repairAll(): Promise<void> {
    const { product, signal, log } = this.#options;
    if (!this.#sequencer.started && !(await this.#start())) return;
    let without = 0;
    while (!signal.aborted) {
      if (!this.#sequencer.missing()) return;
      await pause(this.#timing.settle, signal);
      await this.#options.room();
      const gap = this.#sequencer.missing();
      if (!gap) return;
      const trades = await this.#ask({ ...gap, since: this.#since });
      if (!trades) return;
      for (const trade of trades) this.#emit(this.#sequencer.offer(trade));
      const left = this.#sequencer.missing();
      log.info({ product, ...gap, received: trades.length, left }, "asked the exchange for missing trades");
      without = left?.from === gap.from ? without + 1 : 0;
      if (left && without >= this.#timing.answersWithout) {
        const to = Math.min(left.to, left.from + this.#options.backfill.page - 1);
        log.error({ product, from: left.from, to }, "the exchange does not have these trades; going on without them");
        this.#emit(this.#sequencer.giveUpBelow(to + 1));
        without = 0;
      } else if (without > 0) await pause(this.#timing.backoff.first * without, signal);
    }
  }

  /** @returns false when the signal fired first */
  async #start(): Promise<boolean> {
    const { product, anchor, signal, log } = this.#options;
    const first = this.#sequencer.first();
    if (!first) return false;
    const anchored = await untilDone(() => anchor(first).then(() => true), {
      signal,
      onFailure: (error) => log.warn({ err: error, product }, "the first trade could not be stored yet"),
    });
    if (!anchored) return false;
    log.info({ product, tradeId: first.tradeId }, "beginning with this trade");
    this.#emit(this.#sequencer.startAt(first.tradeId));
    return true;
  }

  #ask(gap: Gap): Promise<Trade[] | undefined> {
    const { product, backfill, signal, log } = this.#options;
    return untilDone(() => backfill.trades(product, gap), {
      signal,
      backoff: this.#timing.backoff,
      onFailure: (error, attempts) => log.warn({ err: error, product, ...gap, attempts }, "missing trades not had yet"),
    });
  }
}
