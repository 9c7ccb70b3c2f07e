/**
 * One WebSocket subscriber, as a real client is: it reconnects by itself with jittered backoff and resumes after the
 * last offset that it saw of each partition, on whichever side it lands.
 *
 * WebSockets stay where they are and only new connections follow the weights; so a subscriber also leaves now and then
 * of its own accord, staggered, or a shift would not reach the stream at all.
 */
import { type RawData, WebSocket } from "ws";
import { z } from "zod";
import { createSequence, type Sequence, type SequenceState } from "./sequence.ts";

export interface SubscriberOptions {
  readonly url: string;
  readonly products: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds between reconnects of its own accord, drawn evenly from this range. */
  readonly reconnectEvery?: { readonly min: number; readonly max: number };
  /** Milliseconds before the first attempt to come back; doubles up to `max`, each drawn from half to whole. */
  readonly backoff?: { readonly first: number; readonly max: number };
  readonly onUpdate?: () => void;
}

export interface SubscriberState {
  readonly connected: boolean;
  readonly updates: number;
  /** Connections after the first. */
  readonly reconnects: number;
  /** Gaps that the server declared itself. */
  readonly declaredGaps: number;
  /** Error messages, unreadable messages and failed connections. */
  readonly errors: number;
  readonly lastError: string | null;
  readonly products: Readonly<Record<string, SequenceState>>;
}

export interface Subscriber {
  state(): SubscriberState;
  close(): Promise<void>;
}

const offset = z.number().int();
const message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("subscribed"), at: z.record(z.string(), offset) }),
  z.object({ type: z.literal("price"), product: z.string(), tradeId: offset, partition: offset, offset }),
  z.object({ type: z.literal("gap"), partition: offset, from: offset, to: offset }),
  z.object({ type: z.literal("error"), detail: z.string().optional() }),
  z.object({ type: z.literal("unsubscribed") }),
]);

const RECONNECT_EVERY = { min: 20_000, max: 40_000 };
const BACKOFF = { first: 100, max: 5_000 };
const HANDSHAKE_MILLISECONDS = 5_000;
/** A peer that answers no ping for so long is gone. */
const PING_MILLISECONDS = 5_000;
const CLOSE_MILLISECONDS = 2_000;

export function startSubscriber(options: SubscriberOptions): Subscriber {
  const { url, products, headers = {}, reconnectEvery = RECONNECT_EVERY, backoff = BACKOFF, onUpdate } = options;
  const sequences = new Map<string, Sequence>(products.map((product) => [product, createSequence()]));
  /** Last offset seen, by partition. */
  const position = new Map<string, number>();
  const count = { updates: 0, connections: 0, declaredGaps: 0, errors: 0 };
  let lastError: string | null = null;
  let connected = false;
  let failures = 0;
  let closing = false;
  let socket: WebSocket;
  let retry: NodeJS.Timeout | undefined;

  const wrong = (what: string): void => {
    count.errors += 1;
    lastError = what;
  };

  const receive = (data: RawData): void => {
    const parsed = message.safeParse(json(data));
    if (!parsed.success) {
      wrong("a message that can't be read");
      return;
    }
    const { data: said } = parsed;
    if (said.type === "subscribed") {
      connected = true;
      failures = 0;
      for (const [partition, at] of Object.entries(said.at)) {
        if (!position.has(partition)) position.set(partition, at);
      }
    } else if (said.type === "price") {
      count.updates += 1;
      const partition = String(said.partition);
      position.set(partition, Math.max(said.offset, position.get(partition) ?? said.offset));
      sequences.get(said.product)?.record(said.tradeId);
      onUpdate?.();
    } else if (said.type === "gap") {
      count.declaredGaps += 1;
    } else if (said.type === "error") {
      wrong(said.detail ?? "an error without detail");
      socket.close(1000);
    }
  };

  const connect = (): void => {
    const current = new WebSocket(url, { headers, handshakeTimeout: HANDSHAKE_MILLISECONDS, perMessageDeflate: false });
    socket = current;
    let leaving = false;
    let alive = true;
    const timers: NodeJS.Timeout[] = [];
    current.on("open", () => {
      count.connections += 1;
      const from = position.size > 0 ? { from: Object.fromEntries(position) } : {};
      current.send(JSON.stringify({ type: "subscribe", products, ...from }));
      timers.push(
        setTimeout(
          () => {
            leaving = true;
            current.close(1000);
            timers.push(setTimeout(() => current.terminate(), CLOSE_MILLISECONDS));
          },
          // The first time anywhere in the range, so that those who came together don't leave together.
          between(count.connections === 1 ? 0 : reconnectEvery.min, reconnectEvery.max),
        ),
        setInterval(() => {
          if (alive) current.ping();
          else current.terminate();
          alive = false;
        }, PING_MILLISECONDS),
      );
    });
    current.on("pong", () => (alive = true));
    current.on("message", (data) => {
      alive = true;
      receive(data);
    });
    current.on("error", (error) => wrong(error.message));
    current.on("close", () => {
      for (const timer of timers) clearTimeout(timer);
      connected = false;
      if (closing) return;
      const wait = leaving ? 0 : Math.min(backoff.max, backoff.first * 2 ** failures++);
      retry = setTimeout(connect, between(wait / 2, wait));
    });
  };

  connect();
  return {
    state: () => ({
      connected,
      updates: count.updates,
      reconnects: Math.max(0, count.connections - 1),
      declaredGaps: count.declaredGaps,
      errors: count.errors,
      lastError,
      products: Object.fromEntries([...sequences].map(([product, sequence]) => [product, sequence.state()])),
    }),
    close() {
      closing = true;
      clearTimeout(retry);
      return closed(socket);
    },
  };
}

/** Closes politely, cuts the connection when that takes too long. */
function closed(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), CLOSE_MILLISECONDS);
    socket.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
    if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
    else socket.close(1000);
  });
}

const between = (min: number, max: number): number => min + Math.random() * (max - min);

function json(data: RawData): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(data) ? data.toString("utf8") : "");
  } catch {
    return undefined;
  }
}
