/** What the WebSocket service says; frames that the page doesn't know are left alone. */
import * as z from "zod/mini";
import { alert } from "../http/shapes.ts";

const place = { partition: z.number(), offset: z.number() };
const offsets = z.record(z.string(), z.number());

/** Frames of prices don't name their channel: they are older than the others. */
const channel = z._default(z.enum(["prices", "sentiment", "alerts"]), "prices");
export type Channel = z.infer<typeof channel>;
export const CHANNELS: readonly Channel[] = ["prices", "sentiment", "alerts"];

export const frame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("subscribed"), channel, at: offsets }),
  z.object({ type: z.literal("gap"), channel, partition: z.number(), from: z.number(), to: z.number() }),
  z.object({ type: z.literal("authenticated"), expires: z.string() }),
  z.object({ type: z.literal("error"), code: z.string(), detail: z.string() }),
  z.object({
    type: z.literal("price"),
    product: z.string(),
    tradeId: z.number(),
    price: z.string(),
    time: z.string(),
    ...place,
  }),
  z.object({
    type: z.literal("sentiment"),
    symbol: z.string(),
    post: z.string(),
    score: z.number(),
    confidence: z.number(),
    hour: z.object({ mean: z.number(), posts: z.number() }),
    time: z.string(),
    receivedAt: z.string(),
    ...place,
  }),
  z.extend(alert, { type: z.literal("alert"), ...place }),
]);
export type Frame = z.infer<typeof frame>;
export type FrameOf<T extends Frame["type"]> = Extract<Frame, { readonly type: T }>;

/** undefined for what isn't a frame that we know. */
export function readFrame(text: string): Frame | undefined {
  try {
    const read = frame.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

const CARRIES = { price: "prices", sentiment: "sentiment", alert: "alerts" } as const;

/** The channel of an update; undefined for what is none. */
export function channelOf(type: Frame["type"]): Channel | undefined {
  return type in CARRIES ? CARRIES[type as keyof typeof CARRIES] : undefined;
}
