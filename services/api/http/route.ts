/**
 * One row of the API: what a path takes, gives and refuses, and what answers it. The router and the OpenAPI document are
 * both made of these rows, so that neither can know a path, a field or a limit that the other does not.
 */
import { z } from "zod";

import { parsed } from "../../shared/problem-express.ts";
import type { ProblemCode } from "../../shared/problem.ts";
import { type Access, unauthenticated } from "./identify.ts";

export type Method = "get" | "post" | "put" | "delete";

/** Of what no cache may hold, a browser's included. */
export const NOT_KEPT = "no-store";

/** What goes over the wire; a body is text already, so that a cached one is sent as it is. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly type: "json" | "html"; readonly text: string } | null;
}

/** How an answer is described: JSON of the schema, a page, or nothing. */
export interface AnswerSpec {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly page?: true;
}

interface Described<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  /** The operation's name in the document. */
  readonly id: string;
  readonly method: Method;
  /** Below the base path, with parameters in braces: `/candles/{product}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B | null;
  /** Whether it asks for an Idempotency-Key. */
  readonly keyed: boolean;
  /** Whether the path itself is a secret, and must not be logged. */
  readonly secretPath: boolean;
  readonly answers: Readonly<Record<number, AnswerSpec>>;
  /** Beyond those that follow from the rest of the row. */
  readonly refusals: readonly ProblemCode[];
  readonly cacheControl: string;
}

type Spec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> = Pick<
  Described<P, Q, B>,
  "id" | "method" | "path" | "tag" | "summary" | "description" | "answers" | "cacheControl"
> &
  Partial<Described<P, Q, B>>;

/** As it came, but for what `serve.ts` has looked at. */
export interface Incoming {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly user: string | null;
  /** The Idempotency-Key; empty where none is asked for. */
  readonly key: string;
}

/** As it is handled: every part has its schema's shape. */
interface Exchange<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, U> {
  readonly params: z.infer<P>;
  readonly query: z.infer<Q>;
  readonly body: z.infer<B>;
  readonly user: U;
  readonly key: string;
}

export interface Route extends Described<z.ZodObject, z.ZodObject, z.ZodType> {
  readonly access: Access;
  /** @throws Problem for what does not fit */
  readonly run: (incoming: Incoming) => Promise<Answer>;
}

const NOTHING = z.strictObject({});
type Nothing = typeof NOTHING;
const NO_BODY = z.undefined();

/** A path that needs no user; `user` is null unless someone is signed in. */
export function route<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = typeof NO_BODY,
>(
  spec: Spec<P, Q, B> & {
    readonly access: Exclude<Access, "member">;
    readonly handle: (exchange: Exchange<P, Q, B, string | null>) => Promise<Answer>;
  },
): Route {
  const { handle, access, ...rest } = spec;
  return {
    ...described(rest),
    access,
    run: async (incoming) => handle({ ...exchanged(rest, incoming), user: incoming.user }),
  };
}

/** A path for signed-in users. */
export function memberRoute<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = typeof NO_BODY,
>(spec: Spec<P, Q, B> & { readonly handle: (exchange: Exchange<P, Q, B, string>) => Promise<Answer> }): Route {
  const { handle, ...rest } = spec;
  return {
    ...described(rest),
    access: "member",
    run: async (incoming) => {
      if (incoming.user === null) throw unauthenticated("absent");
      return await handle({ ...exchanged(rest, incoming), user: incoming.user });
    },
  };
}

function described<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  spec: Spec<P, Q, B>,
): Described<z.ZodObject, z.ZodObject, z.ZodType> {
  const nothing = { params: NOTHING, query: NOTHING, body: null, keyed: false, secretPath: false, refusals: [] };
  return { ...nothing, ...spec };
}

function exchanged<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  { params, query, body }: Pick<Spec<P, Q, B>, "params" | "query" | "body">,
  incoming: Incoming,
): Omit<Exchange<P, Q, B, never>, "user"> {
  return {
    params: parsed(params ?? NOTHING, incoming.params, "invalid-parameters") as z.infer<P>,
    query: parsed(query ?? NOTHING, incoming.query, "invalid-parameters") as z.infer<Q>,
    body: parsed(body ?? NO_BODY, body ? incoming.body : undefined, "invalid-body") as z.infer<B>,
    key: incoming.key,
  };
}

/** An answer of one value as JSON. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: { type: "json", text: JSON.stringify(value) } };
}

export const nothing: Answer = { status: 204, headers: {}, body: null };
