/** The live load of a rehearsal: reads, acknowledged writes and stream subscribers, all by identity. */
import { type Arrivals, startArrivals } from "./arrivals.ts";
import { createClient } from "./client.ts";
import { createLatencies, type Percentiles } from "./latencies.ts";
import { type AcknowledgedWrite, type Counts, noCounts, read, type UnacknowledgedWrite, write } from "./requests.ts";
import type { SequenceState } from "./sequence.ts";
import { startSubscriber, type Subscriber, type SubscriberOptions } from "./subscriber.ts";

export interface LoadOptions {
  /** The router's, `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  /** `ws://127.0.0.1:8080`; subscribers connect to `/ws` there. */
  readonly wsUrl: string;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  readonly subscribers: number;
  readonly products: readonly string[];
  /** Ends everything at once. */
  readonly signal: AbortSignal;
  readonly timeoutMilliseconds?: number;
  readonly subscriber?: Pick<SubscriberOptions, "reconnectEvery" | "backoff">;
}

export interface LoadStats {
  readonly reads: Readonly<Counts>;
  readonly writes: Readonly<Counts>;
  /** Arrivals that were not sent, since too many were in flight: errors, from a client's view. */
  readonly shed: number;
  readonly inFlight: number;
  readonly acknowledgedWrites: number;
  readonly unacknowledgedWrites: number;
  /** Of reads and whole writes, from when they were due. */
  readonly latency: Percentiles;
  readonly stream: StreamStats;
}

export interface StreamStats {
  readonly subscribers: number;
  readonly connected: number;
  readonly updates: number;
  readonly gaps: number;
  readonly doubles: number;
  readonly reconnects: number;
  readonly declaredGaps: number;
  readonly errors: number;
}

/** Everything that must be found in the end. */
export interface Ledger {
  readonly acknowledged: readonly AcknowledgedWrite[];
  readonly unacknowledged: readonly UnacknowledgedWrite[];
  readonly stream: readonly (SequenceState & { readonly subscriber: number; readonly product: string })[];
  /** Attempts of reads and writes: `sent` is the sum of the others, or an answer got lost. */
  readonly requests: { readonly sent: number; readonly ok: number; readonly unfit: number; readonly failed: number };
}

export interface Load {
  stats(): LoadStats;
  ledger(): Ledger;
  /** Ends reads and writes, lets those in flight finish; subscribers stay, to see what those did. */
  quiesce(): Promise<void>;
  /** Ends everything and returns the ledger; twice is harmless. */
  stop(): Promise<Ledger>;
}

/** Most reads, and most writes, in flight at once: 5 s of a side that hangs at 100 a second. */
const IN_FLIGHT = 512;

export function startLoad(options: LoadOptions): Load {
  const { baseUrl, wsUrl, readsPerSecond, writesPerSecond, products, signal, timeoutMilliseconds } = options;
  const client = createClient({ baseUrl, ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }) });
  const latencies = createLatencies();
  const counts = { reads: noCounts(), writes: noCounts() };
  const acknowledged: AcknowledgedWrite[] = [];
  const unacknowledged: UnacknowledgedWrite[] = [];
  const subscribers = Array.from({ length: options.subscribers }, () =>
    startSubscriber({ url: new URL("/ws", wsUrl).href, products, ...options.subscriber }),
  );

  let reads = 0;
  const readers = startArrivals({
    perSecond: readsPerSecond,
    limit: IN_FLIGHT,
    async arrive(dueAt) {
      // Each product in turn, and now and then all of them.
      const product = products[reads++ % (products.length + 1)] ?? null;
      await read(client, product, counts.reads);
      latencies.record(performance.now() - dueAt);
    },
  });
  let writes = 0;
  const writers = startArrivals({
    perSecond: writesPerSecond,
    limit: IN_FLIGHT,
    async arrive(dueAt) {
      const number = ++writes;
      const wanted = { name: `rehearsal ${number}`, products: products.slice(0, 1 + (number % products.length)) };
      const done = await write(client, wanted, counts.writes, signal);
      if ("id" in done) acknowledged.push(done);
      else unacknowledged.push(done);
      latencies.record(performance.now() - dueAt);
    },
  });

  const ledger = (): Ledger => ({
    acknowledged: [...acknowledged],
    unacknowledged: [...unacknowledged],
    stream: subscribers.flatMap((one, subscriber) =>
      Object.entries(one.state().products).map(([product, state]) => ({ subscriber, product, ...state })),
    ),
    requests: requestsOf([counts.reads, counts.writes]),
  });
  const quiesce = async (): Promise<void> => {
    await Promise.all([readers.stop(), writers.stop()]);
  };
  const stop = async (): Promise<Ledger> => {
    if (signal.aborted) client.close();
    await quiesce();
    client.close();
    await Promise.all(subscribers.map((one) => one.close()));
    return ledger();
  };
  if (signal.aborted) void stop();
  else signal.addEventListener("abort", () => void stop(), { once: true });
  return { stats: () => statsOf([readers, writers], subscribers), ledger, quiesce, stop };

  function statsOf(arrivals: readonly Arrivals[], all: readonly Subscriber[]): LoadStats {
    return {
      reads: structuredClone(counts.reads),
      writes: structuredClone(counts.writes),
      shed: arrivals.reduce((sum, one) => sum + one.shed(), 0),
      inFlight: arrivals.reduce((sum, one) => sum + one.inFlight(), 0),
      acknowledgedWrites: acknowledged.length,
      unacknowledgedWrites: unacknowledged.length,
      latency: latencies.percentiles(),
      stream: streamOf(all),
    };
  }
}

function streamOf(subscribers: readonly Subscriber[]): StreamStats {
  const states = subscribers.map((one) => one.state());
  const sum = (of: (state: (typeof states)[number]) => number): number => states.reduce((n, state) => n + of(state), 0);
  const products = (of: (state: SequenceState) => number): number =>
    sum((state) => Object.values(state.products).reduce((n, product) => n + of(product), 0));
  return {
    subscribers: states.length,
    connected: states.filter(({ connected }) => connected).length,
    updates: sum(({ updates }) => updates),
    gaps: products(({ missing }) => missing),
    doubles: products(({ doubled }) => doubled),
    reconnects: sum(({ reconnects }) => reconnects),
    declaredGaps: sum(({ declaredGaps }) => declaredGaps),
    errors: sum(({ errors }) => errors),
  };
}

function requestsOf(kinds: readonly Counts[]): Ledger["requests"] {
  const sum = (of: (counts: Counts) => number): number => kinds.reduce((n, counts) => n + of(counts), 0);
  const noAnswer = ({ failed }: Counts): number => Object.values(failed).reduce((n, one) => n + one, 0);
  return {
    sent: sum(({ sent }) => sent),
    ok: sum(({ ok }) => ok),
    unfit: sum(({ unfit }) => unfit),
    failed: sum((counts) => counts.rejected + counts.serverErrors + noAnswer(counts)),
  };
}
