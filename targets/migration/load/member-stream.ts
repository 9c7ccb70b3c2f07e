/** A member's WebSocket: alerts and sentiment, resumed after the last offset seen, on whichever side it lands. */
import { type RawData, WebSocket } from "ws";
import { z } from "zod";

export interface MemberStreamOptions {
  readonly wsUrl: string;
  readonly symbols: readonly string[];
  readonly partitions: Readonly<Record<"alerts" | "sentiment", number>>;
  /** A fresh access token for each connection. */
  readonly token: () => Promise<string>;
}

export interface MemberStream {
  /** Identity → how often it came: an alert's id; `<symbol> <post>`. */
  seen(): Readonly<Record<"alerts" | "sentiment", ReadonlyMap<string, number>>>;
  close(): void;
}

const offset = z.int();
const message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("authenticated") }),
  z.object({ type: z.literal("alert"), id: z.string(), partition: offset, offset }),
  z.object({ type: z.literal("sentiment"), symbol: z.string(), post: z.string(), partition: offset, offset }),
]);

/** It leaves of its own accord, staggered against the others, so that it meets both sides. */
const STAY_MILLISECONDS = 15_000;
const BACK_MILLISECONDS = 500;
const HANDSHAKE_MILLISECONDS = 5_000;

export function startMemberStream({ wsUrl, symbols, partitions, token }: MemberStreamOptions): MemberStream {
  const seen = { alerts: new Map<string, number>(), sentiment: new Map<string, number>() };
  const position = { alerts: beginning(partitions.alerts), sentiment: beginning(partitions.sentiment) };
  let closing = false;
  let retry: NodeJS.Timeout | undefined;
  let socket: WebSocket | null = null;

  const subscribe = (current: WebSocket): void => {
    const wishes = [
      { type: "subscribe", channel: "alerts", from: position.alerts },
      { type: "subscribe", channel: "sentiment", symbols, from: position.sentiment },
    ];
    for (const wish of wishes) current.send(JSON.stringify(wish));
  };
  const receive = (current: WebSocket, data: RawData): void => {
    const said = message.safeParse(json(data)).data;
    if (said?.type === "authenticated") subscribe(current);
    if (said?.type !== "alert" && said?.type !== "sentiment") return;
    const channel = said.type === "alert" ? "alerts" : "sentiment";
    const identity = said.type === "alert" ? said.id : `${said.symbol} ${said.post}`;
    seen[channel].set(identity, (seen[channel].get(identity) ?? 0) + 1);
    position[channel][said.partition] = Math.max(position[channel][said.partition] ?? -1, said.offset);
  };
  const connect = async (): Promise<void> => {
    const shown = await token().catch(() => null);
    if (closing) return;
    if (shown === null) {
      retry = setTimeout(() => void connect(), BACK_MILLISECONDS);
      return;
    }
    const current = new WebSocket(new URL("/ws", wsUrl), { handshakeTimeout: HANDSHAKE_MILLISECONDS });
    socket = current;
    const stay = setTimeout(() => current.close(1000), STAY_MILLISECONDS);
    current.on("open", () => current.send(JSON.stringify({ type: "auth", token: shown })));
    current.on("message", (data) => receive(current, data));
    current.on("error", () => undefined); // its close follows
    current.on("close", () => {
      clearTimeout(stay);
      if (!closing) retry = setTimeout(() => void connect(), BACK_MILLISECONDS);
    });
  };

  void connect();
  return {
    seen: () => seen,
    close: () => {
      closing = true;
      clearTimeout(retry);
      socket?.terminate();
    },
  };
}

/** Before the first message of every partition. */
function beginning(partitions: number): Record<number, number> {
  return Object.fromEntries(Array.from({ length: partitions }, (_, partition) => [partition, -1]));
}

function json(data: RawData): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(data) ? data.toString("utf8") : "");
  } catch {
    return undefined;
  }
}
