/**
 * The page's one WebSocket. Decides nothing by itself: `connection.ts` says when to connect, `silence.ts` when to doubt,
 * `offsets.ts` where to go on, `wishes.ts` what to ask for.
 */
import { delay } from "./backoff.ts";
import { type Connection, FIRST, type Happening, next } from "./connection.ts";
import { type Frame, readFrame } from "./frames.ts";
import { advance, type Positions } from "./offsets.ts";
import { silence } from "./silence.ts";
import type { Socket, SocketEvents } from "./socket.ts";
import { askForAlerts, NOTHING_WISHED, requestsFor, type Wishes } from "./wishes.ts";

export interface StreamOptions {
  readonly connect: (events: SocketEvents) => Socket;
  readonly onFrame: (frame: Frame) => void;
  readonly onConnection: (connection: Connection) => void;
  /** @default Math.random */
  readonly random?: () => number;
}

export interface Stream {
  readonly connection: Connection;
  start(): void;
  stop(): void;
  /** What is wished for from now on; what an earlier wish has brought stays. */
  wish(wishes: Partial<Wishes>): void;
  /** The network came or went. */
  network(isThere: boolean): void;
}

const SETTLED_AFTER_MS = 5_000;
const LOOK_EVERY_MS = 5_000;
const ABNORMAL = 1006;
/** Refusals that are the service's own trouble, and pass. */
const NOT_NOW = ["channel-unavailable", "auth-unavailable", "too-many-replays"];
/** As long a wait as after so many connections that failed. */
const REFUSALS_COUNT_AS = 2;

export function createStream({ connect, onFrame, onConnection, random = Math.random }: StreamOptions): Stream {
  let connection: Connection = FIRST;
  let socket: Socket | undefined;
  let wishes: Wishes = NOTHING_WISHED;
  let positions: Positions = {};
  let lastHeard = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let watch: ReturnType<typeof setInterval> | undefined;

  function happen(happening: Happening): void {
    const before = connection;
    connection = next(before, happening);
    if (connection === before) return;
    onConnection(connection);
    clearTimeout(timer);
    if (connection.is === "connecting") open();
    else if (connection.is === "waiting") timer = setTimeout(() => happen({ type: "waited" }), connection.milliseconds);
    else if (connection.is === "open") timer = setTimeout(() => happen({ type: "settled" }), SETTLED_AFTER_MS);
    else drop();
  }

  function open(): void {
    drop();
    lastHeard = Date.now();
    // What a socket says after it was given up is not heard any more.
    const own: Socket = connect({
      opened: () => {
        if (socket !== own) return;
        happen({ type: "opened" });
        say(requestsFor(wishes, positions));
      },
      received: (text) => {
        if (socket === own) receive(text);
      },
      closed: (code) => {
        if (socket === own) lose(code);
      },
    });
    socket = own;
  }

  function lose(code: number): void {
    socket = undefined;
    happen({ type: "closed", code, random: random() });
  }

  function drop(): void {
    const old = socket;
    socket = undefined;
    old?.close();
  }

  function say(messages: readonly object[]): void {
    for (const message of messages) socket?.send(JSON.stringify(message));
  }

  function receive(text: string): void {
    lastHeard = Date.now();
    const frame = readFrame(text);
    if (!frame) return;
    positions = advance(positions, frame);
    if (frame.type === "authenticated") say([askForAlerts(positions)]);
    if (frame.type === "error" && frame.code === "unknown-partition") startOver();
    if (frame.type === "error" && NOT_NOW.includes(frame.code)) askAgain();
    onFrame(frame);
  }

  /** The topics are others than before: what we know of them leads nowhere. */
  function startOver(): void {
    positions = {};
    drop();
    lose(ABNORMAL);
  }

  /** Once for all that was refused meanwhile: what one has already is answered, and changes nothing. */
  function askAgain(): void {
    again ??= setTimeout(
      () => {
        again = undefined;
        if (connection.is === "open") say(requestsFor(wishes, positions));
      },
      delay(REFUSALS_COUNT_AS, random()),
    );
  }

  function look(): void {
    if (connection.is !== "open") return;
    const verdict = silence(lastHeard, Date.now());
    // To ask again for what one has is answered, and changes nothing.
    if (verdict === "ask") say(requestsFor({ ...wishes, token: undefined }, positions).slice(0, 1));
    if (verdict !== "dead") return;
    drop();
    lose(ABNORMAL);
  }

  return {
    get connection() {
      return connection;
    },
    start: () => {
      onConnection(connection);
      open();
      watch = setInterval(look, LOOK_EVERY_MS);
    },
    stop: () => {
      clearInterval(watch);
      clearTimeout(timer);
      clearTimeout(again);
      drop();
    },
    wish: (wanted) => {
      const before = wishes;
      wishes = { ...before, ...wanted };
      // Another user's alerts need another connection: one speaks for one user.
      if (before.token !== undefined && wishes.token === undefined) {
        positions = { ...positions, alerts: undefined };
        if (connection.is !== "open") return;
        drop();
        lose(1001);
        return;
      }
      if (connection.is !== "open") return;
      const changed = (key: keyof Wishes): boolean => before[key] !== wishes[key];
      const none = NOTHING_WISHED;
      say(
        requestsFor(
          {
            products: changed("products") ? wishes.products : none.products,
            symbols: changed("symbols") ? wishes.symbols : none.symbols,
            token: changed("token") ? wishes.token : none.token,
          },
          positions,
        ),
      );
    },
    network: (isThere) => happen({ type: isThere ? "online" : "offline" }),
  };
}
