import { WebSocket } from "ws";

import { type Logger, messageOf } from "../../shared/logging.ts";
import { type Backoff, backoffDelay, pause } from "../../shared/retry.ts";
import { type JetstreamEvent, readFrame } from "./jetstream.ts";

export interface ConnectionOptions {
  /** Asked anew for each connection, since its cursor moves. */
  readonly url: () => string;
  readonly onEvent: (event: Exclude<JetstreamEvent, { kind: "unknown" }>) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Milliseconds without a frame after which a connection is taken for dead; the network is never that quiet. */
  readonly silence?: number;
  readonly backoff?: Backoff;
}

export interface Connection {
  /** Stops and goes on reading; meanwhile the server keeps what comes, or cuts us, and the cursor brings it back. */
  pause(): void;
  resume(): void;
  /** Resolves once the signal has fired and the socket is closed. */
  readonly ended: Promise<void>;
}

const SILENCE_MS = 30_000;
const BACKOFF: Backoff = { first: 250, most: 30_000 };
const HANDSHAKE_MS = 10_000;
/** A record is at most a megabyte in its source's form; a post is far smaller. */
const MOST_FRAME_BYTES = 2 * 1024 * 1024;

/** Holds a subscription until the signal fires, connecting again with back-off and jitter. */
export function holdConnection(options: ConnectionOptions): Connection {
  const { signal, log, backoff = BACKOFF } = options;
  let socket: WebSocket | undefined;
  let paused = false;

  const over = (): boolean => signal.aborted;
  const loop = async (): Promise<void> => {
    for (let failures = 0; !over(); failures += 1) {
      const connection = connect(options, () => paused);
      socket = connection.socket;
      const { reason, events, unread } = await connection.ended;
      if (over()) return;
      if (events > 0) failures = 0;
      const wait = backoffDelay(failures, backoff);
      log.warn({ reason, events, unread, wait }, "the stream was lost; connecting again");
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
  readonly events: number;
  /** Frames that were none of Jetstream's. */
  readonly unread: number;
}

function connect(options: ConnectionOptions, isPaused: () => boolean): { socket: WebSocket; ended: Promise<Ending> } {
  const { url, onEvent, signal, log, silence = SILENCE_MS } = options;
  const socket = new WebSocket(url(), {
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: MOST_FRAME_BYTES,
    perMessageDeflate: false,
  });
  const cut = (): void => socket.terminate();
  let reason = "closed";
  let heard = performance.now();
  let events = 0;
  let unread = 0;

  const watchdog = setInterval(() => {
    if (isPaused()) heard = performance.now();
    if (performance.now() - heard < silence) return;
    reason = `silent for ${silence} ms`;
    cut();
  }, silence / 4);
  signal.addEventListener("abort", cut, { once: true });

  socket.on("open", () => {
    log.info("stream connected");
    if (isPaused()) socket.pause();
  });
  socket.on("message", (data, isBinary) => {
    heard = performance.now();
    const event = isBinary ? ({ kind: "unknown" } as const) : readFrame((data as Buffer).toString("utf8"));
    if (event.kind === "unknown") unread += 1;
    else {
      events += 1;
      onEvent(event);
    }
  });
  socket.on("error", (error) => (reason = messageOf(error)));
  const ended = new Promise<Ending>((resolve) => {
    socket.once("close", () => {
      clearInterval(watchdog);
      signal.removeEventListener("abort", cut);
      resolve({ reason, events, unread });
    });
  });
  return { socket, ended };
}
