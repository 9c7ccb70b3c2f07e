import { z } from "zod";

import { PRODUCT } from "../shared/config.ts";
import type { PriceMessage } from "../shared/topics/prices.ts";

/** What one client may ask for and hold. */
export interface Limits {
  /** Bytes of one message from a client; longer ones are answered with an error. */
  readonly messageBytes: number;
  /** Products one client may be subscribed to. */
  readonly products: number;
  /** Unfit messages in a row before the connection is closed (1008). */
  readonly strikes: number;
  /** Replays one client may have waiting. */
  readonly replays: number;
  /** Bytes that may wait to be sent to one client before it is closed as a slow consumer (1013). */
  readonly bufferedBytes: number;
  /** Clients of one replica. */
  readonly clients: number;
}

export const LIMITS: Limits = {
  messageBytes: 8 * 1024,
  products: 100,
  strikes: 5,
  replays: 8,
  bufferedBytes: 1024 * 1024,
  clients: 20_000,
};

/** RFC 6455 and IANA close codes in use here. */
export const CLOSE = { goingAway: 1001, policyViolation: 1008, tryAgainLater: 1013 } as const;

const products = z
  .array(z.string().regex(PRODUCT, "must be products like BTC-USD"), "must be a list of products")
  .min(1, "must name at least one product");

const offset = z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER);

const request = z.discriminatedUnion(
  "type",
  [
    z.object({
      type: z.literal("subscribe"),
      products,
      /** Last offset seen, by partition: what comes after it is sent first. */
      from: z.record(z.string().regex(/^\d{1,6}$/, "must be numbers of partitions"), offset).optional(),
    }),
    z.object({ type: z.literal("unsubscribe"), products }),
  ],
  { error: "must be subscribe or unsubscribe" },
);

export type Request = z.infer<typeof request>;

export type ErrorCode =
  | "invalid-json"
  | "invalid-message"
  | "unknown-type"
  | "message-too-large"
  | "too-many-products"
  | "too-many-replays"
  | "unknown-partition";

export interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
}

/** Reads one text frame of a client. */
export function readRequest(
  text: string,
): { readonly ok: true; readonly request: Request } | ({ ok: false } & Refusal) {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, code: "invalid-json", detail: "Messages are JSON objects." };
  }
  const parsed = request.safeParse(json);
  if (parsed.success) return { ok: true, request: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join(".") ?? "";
  if (where === "type") return { ok: false, code: "unknown-type", detail: "type must be subscribe or unsubscribe." };
  return { ok: false, code: "invalid-message", detail: `${where || "message"}: ${issue?.message ?? "not valid"}` };
}

/** Positions by partition, as JSON objects have them. */
export type Offsets = Record<string, number>;

export const subscribed = (products: readonly string[], at: Offsets): string =>
  JSON.stringify({ type: "subscribed", products, at });

export const unsubscribed = (products: readonly string[]): string => JSON.stringify({ type: "unsubscribed", products });

/** Offsets `from` to `to` (both included) are not held here; `to` below `from` means a position of another topic. */
export const gap = (partition: number, from: number, to: number): string =>
  JSON.stringify({ type: "gap", partition, from, to });

export const error = ({ code, detail }: Refusal): string => JSON.stringify({ type: "error", code, detail });

/** The one serialisation of an update, shared by all clients and by replays. */
export function price(message: PriceMessage, partition: number, offset: number): Buffer {
  const { product, tradeId, price: amount, size, side, time } = message;
  return Buffer.from(
    JSON.stringify({ type: "price", product, tradeId, price: amount, size, side, time, partition, offset }),
  );
}
