import type { PriceMessage } from "../../../services/shared/topics/prices.ts";
import type { PriceStream } from "../../../services/websocket/stream.ts";

/** The value of one message of the prices topic. */
export function message(product: string, tradeId: number): Buffer {
  const value: PriceMessage = {
    v: 1,
    product,
    tradeId,
    price: "1.5",
    size: "2",
    side: "sell",
    time: "2026-11-24T07:00:00.000Z",
    sequence: null,
    fence: 1,
  };
  return Buffer.from(JSON.stringify(value));
}

/** A partition's log that several replicas read. */
export class Log {
  readonly #values: Buffer[] = [];

  append(product: string, ...tradeIds: number[]): void {
    for (const tradeId of tradeIds) this.#values.push(message(product, tradeId));
  }

  get high(): number {
    return this.#values.length;
  }

  /** Lets a replica read up to an offset, from wherever it is. */
  feed(stream: PriceStream, to = this.high, partition = 0): void {
    for (let offset = stream.ring(partition)?.next ?? 0; offset < to; offset += 1) {
      stream.accept(partition, offset, this.#values[offset] ?? null);
    }
  }
}
