import type { Logger } from "../shared/logging.ts";
import { type Backoff, backoffDelay, pause } from "../shared/retry.ts";
import { decide, type Delivery } from "./delivery.ts";
import type { Outcome } from "./outcome.ts";
import type { Store } from "./store.ts";

export interface CourierOptions {
  readonly store: Pick<Store, "claim" | "sent" | "suppressed" | "failed" | "later" | "forget">;
  readonly send: (delivery: Delivery) => Promise<Outcome>;
  /** Puts a delivery aside that is given up. Resolves when it is safe. */
  readonly giveUp: (delivery: Delivery, reason: string) => Promise<void>;
  readonly log: Logger;
  /** Unique among all replicas of both sides. */
  readonly holder: string;
  readonly timing?: CourierTiming;
  readonly now?: () => number;
}

export interface CourierTiming {
  /** Milliseconds between two looks for what is due. */
  readonly every: number;
  readonly backoff: Backoff;
  readonly attempts: number;
}

export interface Courier {
  /** Deliveries were planned. */
  wake(): void;
  /** Milliseconds since it last looked. */
  idleFor(): number;
  /** Takes no more and ends those under way. */
  stop(): Promise<void>;
}

/** Ten seconds to an hour between attempts: the last is about four and a half hours after the first. */
export const TIMING: CourierTiming = { every: 1_000, backoff: { first: 10_000, most: 3_600_000 }, attempts: 12 };
/** Deliveries under way at once. */
const SLOTS = 16;

/**
 * Sends what is due until it is stopped. A delivery is marked as being sent before, and as sent after; one whose worker
 * died in between is sent again, which its receiver can tell by its id.
 */
export function runCourier(options: CourierOptions): Courier {
  const { store, log, holder, timing = TIMING } = options;
  const stopping = new AbortController();
  const over = (): boolean => stopping.signal.aborted;
  const underWay = new Set<Promise<void>>();
  let waiting = new AbortController();
  let looked = performance.now();

  const look = async (): Promise<boolean> => {
    looked = performance.now();
    const free = SLOTS - underWay.size;
    if (free === 0) {
      await Promise.race(underWay);
      return true;
    }
    const deliveries = await store.claim(holder, free);
    for (const delivery of deliveries) {
      const work = attend(options, delivery)
        .catch((error: unknown) => log.warn({ err: error, ...nameOf(delivery) }, "a delivery was left half done"))
        .finally(() => underWay.delete(work));
      underWay.add(work);
    }
    return deliveries.length === free;
  };
  const loop = (async () => {
    while (!over()) {
      // Made before the look: what is planned while it looks ends the wait after it.
      waiting = new AbortController();
      let more = false;
      try {
        more = await look();
      } catch (error) {
        log.warn({ err: error }, "deliveries could not be looked for");
      }
      if (!more) await pause(timing.every, AbortSignal.any([stopping.signal, waiting.signal]));
    }
    await Promise.all(underWay);
  })();

  return {
    wake: () => waiting.abort(),
    idleFor: () => performance.now() - looked,
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}

/** No address, no URL: neither belongs in a log. */
const nameOf = ({ alert, channel, attempt }: Delivery) => ({ alert: alert.id, channel, attempt });

async function attend(options: CourierOptions, delivery: Delivery): Promise<void> {
  const { store, send, log, holder, now = Date.now, timing = TIMING } = options;
  const decision = decide(delivery, new Date(now()));
  if (decision.kind === "suppress") {
    await store.suppressed(holder, delivery, decision.reason);
    log.info({ ...nameOf(delivery), reason: decision.reason }, "a delivery was suppressed");
    return;
  }
  if (decision.kind === "wait") {
    await store.later(holder, delivery, decision.until, "quiet hours", false);
    return;
  }
  // Each of its workers died over it: it may well be its fault.
  const outcome: Outcome =
    delivery.attempt > timing.attempts ? { kind: "never", reason: "no attempt came to an end" } : await send(delivery);
  if (outcome.kind === "sent") {
    if (!(await store.sent(holder, delivery))) log.warn(nameOf(delivery), "sent, but by now it was another's");
    else log.info(nameOf(delivery), "delivered");
    return;
  }
  const { reason } = outcome;
  if (outcome.kind === "never" || delivery.attempt >= timing.attempts) {
    await options.giveUp(delivery, reason);
    await store.failed(holder, delivery, reason);
    if (outcome.kind === "never" && outcome.gone) await store.forget(delivery.channel);
    log.warn({ ...nameOf(delivery), reason }, "a delivery was given up");
    return;
  }
  const wait = Math.max(backoffDelay(delivery.attempt - 1, timing.backoff), (outcome.afterSeconds ?? 0) * 1000);
  await store.later(holder, delivery, new Date(now() + wait), reason, true);
  log.info({ ...nameOf(delivery), reason, wait }, "a delivery will be tried again");
}
