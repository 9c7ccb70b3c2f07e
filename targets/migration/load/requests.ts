/** Reads and acknowledged writes, each counted by how it ended. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Attempt, Client, FailureReason } from "./client.ts";

/** How attempts ended. `unfit`: a 2xx that isn't the answer to what was asked. */
export interface Counts {
  sent: number;
  ok: number;
  unfit: number;
  /** Answered with 3xx or 4xx: the load's own mistake, or a route that leads elsewhere. */
  rejected: number;
  serverErrors: number;
  readonly failed: Record<FailureReason, number>;
}

export const noCounts = (): Counts => ({
  ...{ sent: 0, ok: 0, unfit: 0, rejected: 0, serverErrors: 0 },
  failed: { timeout: 0, reset: 0, refused: 0, aborted: 0, other: 0 },
});

/** A write that the service said it has. It must be found in the end. */
export interface AcknowledgedWrite {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly products: readonly string[];
  readonly attempts: number;
}

/** A write that was never acknowledged: an error, and no loss, whether or not it is found. */
export interface UnacknowledgedWrite {
  readonly key: string;
  readonly attempts: number;
  readonly last: string;
}

export const PATHS = { prices: "/api/v1/prices", watchlists: "/api/v1/watchlists" } as const;

/** Attempts with the same key, and milliseconds before the second one; doubles each time, drawn from half to whole. */
const WRITE_ATTEMPTS = 5;
const WRITE_BACKOFF_MILLISECONDS = 200;

const prices = z.object({ prices: z.array(z.object({ product: z.string() })) });
const pricesOfOne = z.object({ product: z.string(), prices: z.array(z.unknown()) });
const created = z.object({ id: z.string().min(1) });

/** The latest price of every product, or one product's trades. */
export async function read(client: Client, product: string | null, counts: Counts): Promise<void> {
  const path = product === null ? PATHS.prices : `${PATHS.prices}/${encodeURIComponent(product)}`;
  const attempt = await client.call({ method: "GET", path, headers: { "x-request-id": randomUUID() } });
  count(attempt, counts, (body) =>
    product === null ? prices.safeParse(body).success : pricesOfOne.safeParse(body).data?.product === product,
  );
}

/** One write, tried again with the same key until it is acknowledged, refused for good or given up. */
export async function write(
  client: Client,
  wanted: { readonly name: string; readonly products: readonly string[] },
  counts: Counts,
  signal: AbortSignal,
): Promise<AcknowledgedWrite | UnacknowledgedWrite> {
  const key = randomUUID();
  const body = JSON.stringify(wanted);
  for (let attempts = 1; ; attempts++) {
    const headers = { "idempotency-key": key, "x-request-id": randomUUID() };
    const attempt = await client.call({ method: "POST", path: PATHS.watchlists, headers, body });
    const fit = count(attempt, counts, (answer) => created.safeParse(answer).success);
    if (fit && attempt.answered) return { key, id: created.parse(JSON.parse(attempt.body)).id, ...wanted, attempts };
    if (attempts >= WRITE_ATTEMPTS || !worthAnotherTry(attempt)) return { key, attempts, last: endingOf(attempt) };
    const pause = WRITE_BACKOFF_MILLISECONDS * 2 ** (attempts - 1) * (0.5 + Math.random() / 2);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** @returns whether it was a 2xx with the answer that was asked for */
function count(attempt: Attempt, counts: Counts, fits: (body: unknown) => boolean): boolean {
  counts.sent += 1;
  if (!attempt.answered) {
    counts.failed[attempt.reason] += 1;
    return false;
  }
  const fit = attempt.status < 300 && fits(json(attempt.body));
  if (attempt.status >= 500) counts.serverErrors += 1;
  else if (attempt.status >= 300) counts.rejected += 1;
  else if (fit) counts.ok += 1;
  else counts.unfit += 1;
  return fit;
}

const worthAnotherTry = (attempt: Attempt): boolean =>
  attempt.answered
    ? attempt.status >= 500 || attempt.status === 429 || attempt.status === 408 || attempt.status < 300
    : attempt.reason !== "aborted";

export const endingOf = (attempt: Attempt): string =>
  attempt.answered ? `HTTP ${attempt.status}` : `no answer (${attempt.reason})`;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
