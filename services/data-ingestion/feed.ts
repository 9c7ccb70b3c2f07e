import { WebSocket } from "ws";

import { type Logger, messageOf } from "../shared/logging.ts";
import { type Backoff, backoffDelay, pause } from "../shared/retry.ts";
import type { Exchange, FeedEvent, Trade } from "./exchanges/index.ts";

export interface FeedOptions {
  readonly exchange: Exchange;
  readonly url: string;
  readonly products: readonly string[];
  readonly onTrade: (trade: Trade) => void;
  readonly onHeartbeat: (product: string, lastTradeId: number) => void;
  /** Ends the feed. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Milliseconds without any message after which a connection is taken for dead; heartbeats come every second. */
  readonly silence?: number;
  readonly backoff?: Backoff;
}

export interface Feed {
  /** Stops and goes on reading; the exchange's own buffers, and then REST, keep what comes meanwhile. */
  pause(): void;
  resume(): void;
  /** Resolves once the signal has fired and the connection is closed. */
  readonly ended: Promise<void>;
}

const SILENCE_MS = 10_000;
const HANDSHAKE_MS = 5_000;

/** Holds a subscription to the exchange until the signal fires, reconnecting with back-off and jitter. */
export function openFeed(options: FeedOptions): Feed {
  const { exchange, signal, log, backoff = exchange.backoff } = options;
  let socket: WebSocket | undefined;
  let paused = false;

  const over = (): boolean => signal.aborted;
  const loop = async (): Promise<void> => {
    for (let failures = 0; !over(); failures += 1) {
      const connection = connect(options, () => paused);
      socket = connection.socket;
      const { reason, useful } = await connection.ended;
      if (over()) return;
      if (useful) failures = 0;
      const wait = backoffDelay(failures, backoff);
      log.warn({ exchange: exchange.name, reason, wait }, "the feed was lost; connecting again");
      await pause(wait, signal);
    }
  };
  const turn = (to: boolean): void => {
    paused = to;
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (to) socket.pause();
    else socket.resume();
  };
  return { pause: () => turn(true), resume: () => turn(false), ended: loop() };
}

interface Ending {
  readonly reason: string;
  /** Whether it brought anything; then the next attempt needs no long wait. */
  readonly useful: boolean;
}

function connect(options: FeedOptions, isPaused: () => boolean): { socket: WebSocket; ended: Promise<Ending> } {
  const { exchange, url, products, signal, log, silence = SILENCE_MS } = options;
  const socket = new WebSocket(url, { handshakeTimeout: HANDSHAKE_MS, perMessageDeflate: false });
  const cut = (): void => socket.terminate();
  let useful = false;
  let reason = "closed";
  let heard = performance.now();

  const watchdog = setInterval(() => {
    if (isPaused()) heard = performance.now();
    if (performance.now() - heard < silence) return;
    reason = `silent for ${silence} ms`;
    cut();
  }, silence / 4);
  signal.addEventListener("abort", cut, { once: true });

  socket.on("open", () => {
    log.info({ exchange: exchange.name, products }, "feed connected");
    socket.send(exchange.subscribe(products));
    if (isPaused()) socket.pause();
  });
  socket.on("message", (data) => {
    heard = performance.now();
    for (const event of exchange.read((data as Buffer).toString("utf8"))) {
      if (event.kind === "refused") reason = `the exchange refused: ${event.reason}`;
      else if (event.kind !== "unknown") useful = true;
      hand(event, options);
    }
  });
  socket.on("error", (error) => (reason = messageOf(error)));
  const ended = new Promise<Ending>((resolve) => {
    socket.once("close", () => {
      clearInterval(watchdog);
      signal.removeEventListener("abort", cut);
      resolve({ reason, useful });
    });
  });
  return { socket, ended };
}

function hand(event: FeedEvent, { exchange, onTrade, onHeartbeat, log }: FeedOptions): void {
  switch (event.kind) {
    case "trade":
      onTrade(event.trade);
      break;
    case "heartbeat":
      onHeartbeat(event.product, event.lastTradeId);
      break;
    case "refused":
    case "unknown":
      log.warn({ exchange: exchange.name, reason: event.reason }, `the feed sent a message that is ${event.kind}`);
      break;
    case "subscribed":
      log.debug({ exchange: exchange.name }, "subscribed to the feed");
      break;
    case "alive":
  }
}
