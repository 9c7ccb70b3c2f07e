/**
 * Requests to a side by the trial header, before it has any weight: does it read, write and stream at all? How *often*
 * it fails is a question for gates, with samples; so each of these is tried a few times.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type Call, type Client, createClient } from "./client.ts";
import { endingOf, PATHS } from "./requests.ts";
import { startSubscriber } from "./subscriber.ts";

export interface TrialOptions {
  readonly baseUrl: string;
  readonly wsUrl: string;
  /** The value is a secret: it is sent, and never told. */
  readonly header: { readonly name: string; readonly value: string };
  readonly products: readonly string[];
  readonly signal: AbortSignal;
  /** How long the first stream update may take; the exchange may be quiet. */
  readonly streamMilliseconds?: number;
  readonly timeoutMilliseconds?: number;
}

export interface TrialCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly sentence: string;
}

const TRIES = 4;
const PAUSE_MILLISECONDS = 150;
const STREAM_MILLISECONDS = 20_000;

const watchlist = z.object({ id: z.string().min(1), name: z.string(), products: z.array(z.string()) });

/** All checks, in order; none throws. */
export async function trial(options: TrialOptions): Promise<readonly TrialCheck[]> {
  const { baseUrl, header, products, signal, timeoutMilliseconds } = options;
  const headers = { [header.name]: header.value };
  const client = createClient({
    baseUrl,
    headers,
    ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
  });
  const abort = (): void => client.close();
  signal.addEventListener("abort", abort, { once: true });
  try {
    const paths = [PATHS.prices, ...products.slice(0, 1).map((product) => `${PATHS.prices}/${product}`)];
    const reads = await Promise.all(
      paths.map((path) => check(`read ${path}`, () => expectStatus(client, { method: "GET", path }, [200], signal))),
    );
    return [...reads, ...(await writeChecks(client, products, signal)), await streamCheck(options, headers)];
  } finally {
    signal.removeEventListener("abort", abort);
    client.close();
  }
}

/** Writes, repeats the write with the same key, reads back, deletes; deletes what it wrote in any case. */
async function writeChecks(client: Client, products: readonly string[], signal: AbortSignal): Promise<TrialCheck[]> {
  const wanted = { name: "trial", products: products.slice(0, 2) };
  const key = randomUUID();
  const post = { method: "POST", path: PATHS.watchlists, headers: { "idempotency-key": key } } as const;
  const create = async (): Promise<string> => {
    const body = await expectStatus(client, { ...post, body: JSON.stringify(wanted) }, [200, 201], signal);
    return watchlist.parse(JSON.parse(body)).id;
  };
  let id = "";
  const written = await check("write", async () => {
    id = await create();
  });
  if (!written.ok) return [written];
  const one = { path: `${PATHS.watchlists}/${encodeURIComponent(id)}` } as const;
  const repeated = await check("write again with the same key", async () => {
    const again = await create();
    if (again !== id) throw new Error("it became a second watchlist");
  });
  const readBack = await check("read back", async () => {
    const found = watchlist.parse(JSON.parse(await expectStatus(client, { method: "GET", ...one }, [200], signal)));
    if (found.id !== id || found.name !== wanted.name || found.products.join() !== wanted.products.join()) {
      throw new Error("it isn't what was written");
    }
  });
  // 404: an earlier try did delete it, and its answer got lost.
  const removed = await check("delete", () => expectStatus(client, { method: "DELETE", ...one }, [204, 404], signal));
  return [written, repeated, readBack, removed];
}

async function streamCheck(options: TrialOptions, headers: Record<string, string>): Promise<TrialCheck> {
  const { wsUrl, products, signal, streamMilliseconds = STREAM_MILLISECONDS } = options;
  const done = new AbortController();
  const subscriber = startSubscriber({
    url: new URL("/ws", wsUrl).href,
    ...{ products, headers },
    onUpdate: () => done.abort(),
  });
  const either = AbortSignal.any([done.signal, signal]);
  await sleep(streamMilliseconds, undefined, { signal: either }).catch(() => undefined);
  const { updates, lastError } = subscriber.state();
  await subscriber.close();
  return check("stream", () => {
    if (updates === 0) throw new Error(`no update came${lastError === null ? "" : `; the last error: ${lastError}`}`);
    return Promise.resolve();
  });
}

async function check(name: string, action: () => Promise<unknown>): Promise<TrialCheck> {
  try {
    await action();
    return { name, ok: true, sentence: `${name}: works.` };
  } catch (error) {
    const why =
      error instanceof z.ZodError ? "the answer has another shape" : error instanceof Error ? error.message : "";
    return { name, ok: false, sentence: `${name}: ${why}.` };
  }
}

/** @returns the body @throws Error with the last ending, when none of the tries had one of the statuses */
async function expectStatus(
  client: Client,
  call: Call,
  statuses: readonly number[],
  signal: AbortSignal,
): Promise<string> {
  for (let tries = 1; ; tries++) {
    const attempt = await client.call(call);
    if (attempt.answered && statuses.includes(attempt.status)) return attempt.body;
    if (tries >= TRIES || signal.aborted) throw new Error(`${endingOf(attempt)} after ${tries} tries`);
    await sleep(PAUSE_MILLISECONDS * tries, undefined, { signal }).catch(() => undefined);
  }
}
