import type { Message } from "../shared/kafka.ts";
import type { Tenure } from "../shared/lease.ts";
import type { Logger } from "../shared/logging.ts";
import { pause, untilDone } from "../shared/retry.ts";
import type { ExchangeName, PriceMessage } from "../shared/topics/prices.ts";
import type { Trade } from "./exchanges/index.ts";

export interface PublisherOptions {
  readonly send: (messages: Message[]) => Promise<void>;
  readonly tenure: Tenure;
  readonly exchange: ExchangeName;
  /** Whether the exchange is the one that the product is known by. */
  readonly isReference: (product: string) => boolean;
  readonly log: Logger;
  /** Called when more than `high` trades wait, and when fewer than `low` do again. */
  readonly onPressure?: (high: boolean) => void;
  readonly marks?: { readonly high: number; readonly low: number };
}

/** Messages in one request; what came while the last one was under way goes into the next. */
const BATCH = 500;
/** How long the send under way may take once the lease is lost, in milliseconds; late ones do no harm (drop rule). */
const LAST_SEND_MS = 2_000;
const BACKOFF = { first: 100, most: 1_000 } as const;
const MARKS = { high: 20_000, low: 5_000 } as const;

/** Publishes trades in the order they were given, for as long as the lease is ours. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #marks: { readonly high: number; readonly low: number };
  #pending: Trade[] = [];
  #wake = Promise.withResolvers<undefined>();
  #room: PromiseWithResolvers<undefined> | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#marks = options.marks ?? MARKS;
  }

  push(trades: readonly Trade[]): void {
    for (const trade of trades) this.#pending.push(trade);
    if (!this.#room && this.#pending.length > this.#marks.high) {
      this.#room = Promise.withResolvers();
      this.#options.onPressure?.(true);
    }
    this.#wake.resolve(undefined);
  }

  /** Resolves when trades may be given again. */
  async room(): Promise<void> {
    await this.#room?.promise;
  }

  /**
   * Runs until the lease is lost. A batch is tried until it is in the topic; a repetition may double it there, which
   * consumers drop. What still waits at the end is left to the next owner.
   */
  async run(): Promise<void> {
    const { tenure, log } = this.#options;
    const graceOver = Promise.withResolvers<undefined>();
    const done = new AbortController();
    const lost = (): void => {
      void pause(LAST_SEND_MS, done.signal).then(() => graceOver.resolve(undefined));
      this.#wake.resolve(undefined);
      this.#room?.resolve(undefined);
    };
    tenure.lost.addEventListener("abort", lost, { once: true });
    while (!tenure.lost.aborted) {
      if (this.#pending.length === 0) {
        this.#wake = Promise.withResolvers();
        await this.#wake.promise;
        continue;
      }
      const batch = this.#pending.slice(0, BATCH);
      const messages = batch.map((trade) => this.#toMessage(trade));
      const sent = untilDone(() => this.#sendWhileOwner(messages), {
        signal: tenure.lost,
        backoff: BACKOFF,
        onFailure: (error, attempts) => log.warn({ err: error, attempts }, "could not publish; trying again"),
      });
      await Promise.race([sent, graceOver.promise]);
      this.#pending.splice(0, batch.length);
      this.#relax();
    }
    done.abort();
  }

  async #sendWhileOwner(messages: Message[]): Promise<void> {
    if (!this.#options.tenure.valid()) throw new Error("the lease has run out");
    await this.#options.send(messages);
  }

  #relax(): void {
    if (!this.#room || this.#pending.length > this.#marks.low) return;
    this.#room.resolve(undefined);
    this.#room = undefined;
    this.#options.onPressure?.(false);
  }

  #toMessage(trade: Trade): Message {
    const { exchange, isReference, tenure } = this.#options;
    const { product, ...rest } = trade;
    const value: PriceMessage = {
      ...{ v: 1, product, exchange, reference: isReference(product) },
      ...{ ...rest, fence: tenure.fence },
    };
    return { key: product, value: JSON.stringify(value) };
  }
}
