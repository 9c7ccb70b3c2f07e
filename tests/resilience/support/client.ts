/** A client that does what ours do: it asks again, under the same key, until it is acknowledged. */
import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { createClient, type Client } from "../../../targets/migration/load/client.ts";

export interface Person {
  readonly email: string;
  readonly token: string;
}

export interface Asked {
  readonly path: string;
  readonly body: object;
  readonly key?: string;
  readonly token?: string;
}

export interface Caller {
  /** @returns the body of the 2xx; undefined when the signal fired before there was one */
  post(asked: Asked, signal?: AbortSignal): Promise<unknown>;
  /** Somebody new, signed up and in. */
  person(): Promise<Person>;
  close(): void;
}

export const PASSWORD = "violets under a broken lamp";
const PAUSE_MILLISECONDS = 150;
const tokens = z.object({ accessToken: z.string() });

export const newEmail = (): string => `${randomUUID()}@example.org`;

/** Of a network of its own each time: the limits for one network are not what is tried here. */
const somewhere = (): string => `203.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;

/** @throws Error for an answer that asking again does not mend */
export function createCaller(baseUrl: string): Caller {
  const client: Client = createClient({ baseUrl });
  const post = async ({ path, body, key, token }: Asked, signal?: AbortSignal): Promise<unknown> => {
    const headers = {
      "x-forwarded-for": somewhere(),
      ...(key === undefined ? {} : { "idempotency-key": key }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    while (signal?.aborted !== true) {
      const attempt = await client.call({ method: "POST", path, headers, body: JSON.stringify(body) });
      if (attempt.answered && attempt.status < 300) return JSON.parse(attempt.body) as unknown;
      if (attempt.answered && attempt.status < 500 && attempt.status !== 429)
        throw new Error(`${path} answered ${attempt.status}: ${attempt.body}`);
      await sleep(PAUSE_MILLISECONDS);
    }
    return undefined;
  };
  return {
    post,
    person: async () => {
      const account = { email: newEmail(), password: PASSWORD };
      await post({ path: "/auth/v1/sign-up", body: account });
      const answer = await post({ path: "/auth/v1/sign-in", body: account });
      return { email: account.email, token: tokens.parse(answer).accessToken };
    },
    close: () => client.close(),
  };
}
