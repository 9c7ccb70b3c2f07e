/** What a client may say. */
import { z } from "zod";

import { PRODUCT } from "../shared/config.ts";
import { symbol } from "../shared/topics/fields.ts";

/** Positions by partition, as JSON objects have them. */
export type Offsets = Readonly<Record<string, number>>;

const products = z
  .array(z.string().regex(PRODUCT, "must be products like BTC-USD"), "must be a list of products")
  .min(1, "must name at least one product");
const symbols = z.array(symbol, "must be a list of symbols").min(1, "must name at least one symbol");

const offset = z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER);
/** Last offset seen, by partition: what comes after it is sent first. */
const from = z.record(z.string().regex(/^\d{1,6}$/, "must be numbers of partitions"), offset).optional();
/** Of what a slow client has not taken yet, only the latest of each product or symbol. */
const conflate = z.boolean("must be true or false").optional();

/** Clients from before there were channels name none. */
const prices = z.literal("prices").optional();
const UNKNOWN_CHANNEL = { error: "must be prices, sentiment or alerts" };

const subscribe = z.discriminatedUnion(
  "channel",
  [
    z.object({ type: z.literal("subscribe"), channel: prices, products, from, conflate }),
    z.object({ type: z.literal("subscribe"), channel: z.literal("sentiment"), symbols, from, conflate }),
    z.object({ type: z.literal("subscribe"), channel: z.literal("alerts"), from }),
  ],
  UNKNOWN_CHANNEL,
);
const unsubscribe = z.discriminatedUnion(
  "channel",
  [
    z.object({ type: z.literal("unsubscribe"), channel: prices, products }),
    z.object({ type: z.literal("unsubscribe"), channel: z.literal("sentiment"), symbols }),
    z.object({ type: z.literal("unsubscribe"), channel: z.literal("alerts") }),
  ],
  UNKNOWN_CHANNEL,
);
/** By a message, since browsers can't send headers with an upgrade, and a URL ends up in logs. */
const auth = z.object({ type: z.literal("auth"), token: z.string("must be an access token") });

const request = z.discriminatedUnion("type", [subscribe, unsubscribe, auth], {
  error: "must be subscribe, unsubscribe or auth",
});

export type Subscribe = z.infer<typeof subscribe>;
export type Unsubscribe = z.infer<typeof unsubscribe>;
export type Request = z.infer<typeof request>;

/** What can be wrong with a message, or with what it asks for. */
export const ERROR_CODES = [
  "invalid-json",
  "invalid-message",
  "unknown-type",
  "message-too-large",
  "too-many-products",
  "too-many-symbols",
  "too-many-replays",
  "unknown-partition",
  "channel-unavailable",
  "unauthenticated",
  "other-user",
  "token-invalid",
  "token-expired",
  "auth-unavailable",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface Refusal {
  readonly code: ErrorCode;
  /** For people; holds nothing of what the client sent. */
  readonly detail: string;
}

/** Not the client's doing: they are answered, and not counted against it. */
const OURS: readonly ErrorCode[] = ["channel-unavailable", "auth-unavailable"];
export const isStrike = ({ code }: Refusal): boolean => !OURS.includes(code);

/** Reads one text frame of a client. */
export function readRequest(
  text: string,
): { readonly ok: true; readonly request: Request } | ({ readonly ok: false } & Refusal) {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, code: "invalid-json", detail: "Messages are JSON objects." };
  }
  const parsed = request.safeParse(json);
  if (parsed.success) return { ok: true, request: parsed.data };
  const [issue] = parsed.error.issues;
  const [first, ...rest] = issue?.path ?? [];
  if (first === "type") {
    return { ok: false, code: "unknown-type", detail: "type must be subscribe, unsubscribe or auth." };
  }
  // Of what is under `from`, the key is the client's own text.
  const where = first === "from" ? "from" : [first, ...rest].map((part) => String(part ?? "message")).join(".");
  return { ok: false, code: "invalid-message", detail: `${where}: ${issue?.message ?? "not valid"}` };
}
