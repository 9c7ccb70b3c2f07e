/** Percentiles over any number of values in constant memory: logarithmic buckets, each 2 % wide. */
const GROWTH = Math.log(1.02);
const SMALLEST_MILLISECONDS = 0.01;

export interface Percentiles {
  readonly count: number;
  /** Milliseconds; null without values. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export interface Latencies {
  record(milliseconds: number): void;
  percentiles(): Percentiles;
}

export function createLatencies(): Latencies {
  const buckets: number[] = [];
  let count = 0;
  const at = (share: number): number | null => {
    let left = Math.ceil(share * count);
    for (const [index, held] of buckets.entries()) {
      left -= held;
      if (left <= 0) return SMALLEST_MILLISECONDS * Math.exp((index + 0.5) * GROWTH);
    }
    return null;
  };
  return {
    record(milliseconds) {
      const index = Math.floor(Math.log(Math.max(1, milliseconds / SMALLEST_MILLISECONDS)) / GROWTH);
      for (let next = buckets.length; next <= index; next++) buckets.push(0);
      buckets[index] = (buckets[index] ?? 0) + 1;
      count += 1;
    },
    percentiles: () =>
      count === 0 ? { count, p50: null, p95: null, p99: null } : { count, p50: at(0.5), p95: at(0.95), p99: at(0.99) },
  };
}
