/**
 * Arrivals at a constant rate, whatever the answers do (an open model). A closed loop sends less to a side that has
 * become slow, and so hides it ("coordinated omission"); here what is due is sent, and whoever measures counts from the
 * time it was due. Where too many are in flight, an arrival is shed and counted, never queued.
 */
export interface ArrivalOptions {
  readonly perSecond: number;
  /** Most that may be in flight at once. */
  readonly limit: number;
  /** Handles one arrival; `dueAt` in milliseconds of `performance.now()`. Must not reject. */
  readonly arrive: (dueAt: number) => Promise<void>;
}

export interface Arrivals {
  readonly shed: () => number;
  readonly inFlight: () => number;
  /** No more arrivals; resolves when none is in flight. */
  stop(): Promise<void>;
}

const TICK_MILLISECONDS = 4;

/** @throws RangeError when the rate is negative or no number */
export function startArrivals({ perSecond, limit, arrive }: ArrivalOptions): Arrivals {
  if (!(perSecond >= 0)) throw new RangeError(`A rate is 0 or more a second, not ${perSecond}`);
  const inFlight = new Set<Promise<void>>();
  const start = performance.now();
  let count = 0;
  let shed = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - start) * perSecond) / 1000);
    for (; count < due; count++) {
      if (inFlight.size >= limit) {
        shed += 1;
        continue;
      }
      const arrival = arrive(start + ((count + 1) * 1000) / perSecond).finally(() => inFlight.delete(arrival));
      inFlight.add(arrival);
    }
  }, TICK_MILLISECONDS);
  return {
    shed: () => shed,
    inFlight: () => inFlight.size,
    async stop() {
      clearInterval(timer);
      await Promise.allSettled(inFlight);
    },
  };
}
