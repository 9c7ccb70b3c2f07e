/** One request to a service: JSON out, JSON of a known shape in, or a refusal. */
import type * as z from "zod/mini";
import { readProblem, RefusedError, UNREACHABLE } from "./problem.ts";

export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
  /** Makes a repeated POST one. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface Client {
  /** @throws RefusedError */
  read<S extends z.ZodMiniType>(schema: S, path: string, call?: Call): Promise<z.infer<S>>;
  /** For answers without a body. @throws RefusedError */
  send(path: string, call: Call): Promise<void>;
}

export interface ClientOptions {
  readonly base: string;
  readonly fetch: typeof globalThis.fetch;
  /** The access token, or undefined when nobody is signed in. */
  readonly token?: () => string | undefined;
  /** Gets a new token when the services call ours too old. @returns whether there is one */
  readonly renew?: () => Promise<boolean>;
}

const PATIENCE_MS = 15_000;

export function createClient({ base, fetch, token, renew }: ClientOptions): Client {
  async function attempt(path: string, call: Call): Promise<Response> {
    const { method = "GET", body, idempotencyKey, signal } = call;
    const bearer = token?.();
    const patience = AbortSignal.timeout(PATIENCE_MS);
    try {
      return await fetch(`${base}${path}`, {
        method,
        headers: {
          accept: "application/json, application/problem+json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new RefusedError(UNREACHABLE);
    }
  }

  async function ask(path: string, call: Call): Promise<Response> {
    const response = await attempt(path, call);
    const again = response.status === 401 && renew && token?.() !== undefined && (await renew());
    const last = again ? await attempt(path, call) : response;
    if (last.ok) return last;
    throw new RefusedError(readProblem(last.status, await jsonOf(last)));
  }

  return {
    read: async (schema, path, call = {}) => {
      const response = await ask(path, call);
      const read = schema.safeParse(await jsonOf(response));
      if (read.success) return read.data;
      throw new RefusedError({
        ...UNREACHABLE,
        title: "The answer is not what this page knows",
        detail: "Load the page again: it may be older than the service.",
        status: response.status,
        code: "unknown-answer",
      });
    },
    send: async (path, call) => {
      await ask(path, call);
    },
  };
}

/** undefined where the body isn't JSON, which no schema takes. */
async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}
