/** Writes through the API beside the feed, and which of them were acknowledged. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { newEmail, PASSWORD, type Caller, type Person } from "./client.ts";

/** A write by what nothing else has; `id` is what the answer called it. */
export interface Write {
  readonly mark: string;
  readonly id: string;
}

export interface Writes {
  /** Acknowledged with a 2xx. */
  readonly acknowledged: { readonly signUps: Write[]; readonly watchlists: Write[]; readonly rules: Write[] };
  /** Ends the loops; who waits for an answer gives up. */
  stop(): Promise<void>;
}

/** Milliseconds between two; hashing a password costs more than anything else here. */
const EVERY = { signUps: 400, watchlists: 50, rules: 250 } as const;
/** One person may have a hundred rules. */
const MOST_RULES = 90;
/** No market here comes so far. */
const OUT_OF_REACH = 1_000_000_000;
const made = z.object({ id: z.string() });

export function startWrites(caller: Caller, people: readonly Person[]): Writes {
  const stopping = new AbortController();
  const { signal } = stopping;
  const acknowledged: Writes["acknowledged"] = { signUps: [], watchlists: [], rules: [] };
  const repeat = async (every: number, work: (turn: number) => Promise<void>): Promise<void> => {
    for (let turn = 0; !signal.aborted; turn += 1) {
      await work(turn);
      await sleep(every, undefined, { signal }).catch(() => undefined);
    }
  };
  const signUp = async (): Promise<void> => {
    const email = newEmail();
    const answer = await caller.post({ path: "/auth/v1/sign-up", body: { email, password: PASSWORD } }, signal);
    if (answer !== undefined) acknowledged.signUps.push({ mark: email, id: email });
  };
  const watch = async (): Promise<void> => {
    const mark = randomUUID();
    const body = { name: mark, products: ["BTC-USD"] };
    const answer = await caller.post({ path: "/api/v1/watchlists", body, key: randomUUID() }, signal);
    if (answer !== undefined) acknowledged.watchlists.push({ mark, id: made.parse(answer).id });
  };
  const rule = async (turn: number): Promise<void> => {
    const person = people[Math.floor(turn / MOST_RULES)];
    if (!person) return;
    const mark = `${OUT_OF_REACH}.${Date.now()}${String(turn).padStart(4, "0")}`;
    const body = { kind: "price", subject: "BTC-USD", direction: "above", threshold: mark };
    const asked = { path: "/api/v1/alert-rules", body, key: randomUUID(), token: person.token };
    const answer = await caller.post(asked, signal);
    if (answer !== undefined) acknowledged.rules.push({ mark, id: made.parse(answer).id });
  };
  const loops = [repeat(EVERY.signUps, signUp), repeat(EVERY.watchlists, watch), repeat(EVERY.rules, rule)];
  return {
    acknowledged,
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}
