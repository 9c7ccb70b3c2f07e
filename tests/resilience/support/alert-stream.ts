/** Somebody who hears of their alerts by WebSocket, and comes back with the last offsets whenever the connection is lost. */
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { z } from "zod";

export interface AlertStream {
  /** Ids in the order of their arrival. */
  readonly heard: readonly string[];
  /** What else the server said that it should not have had to: gaps, errors other than "try again". */
  readonly complaints: readonly string[];
  readonly subscribed: boolean;
  close(): void;
}

const offset = z.int();
const said = z.discriminatedUnion("type", [
  z.object({ type: z.literal("authenticated") }),
  z.object({ type: z.literal("subscribed"), at: z.record(z.string(), offset) }),
  z.object({ type: z.literal("alert"), id: z.string(), partition: offset, offset }),
  z.object({ type: z.literal("gap"), partition: offset, from: offset, to: offset }),
  z.object({ type: z.literal("error"), code: z.string() }),
]);
/** Not the client's doing, and soon over. */
const AGAIN = ["auth-unavailable", "channel-unavailable"];
const PAUSE_MILLISECONDS = 200;

/** @returns one that hears already */
export async function listenToAlerts(url: string, token: string): Promise<AlertStream> {
  const stream = startAlertStream(url, token);
  while (!stream.subscribed) await sleep(PAUSE_MILLISECONDS);
  return stream;
}

function startAlertStream(url: string, token: string): AlertStream {
  const heard: string[] = [];
  const complaints: string[] = [];
  const position = new Map<number, number>();
  let socket: WebSocket;
  let closing = false;
  let subscribed = false;
  const take = (text: string): void => {
    const message = said.parse(JSON.parse(text));
    switch (message.type) {
      case "authenticated":
        socket.send(
          JSON.stringify({
            ...{ type: "subscribe", channel: "alerts" },
            ...(position.size > 0 ? { from: Object.fromEntries(position) } : {}),
          }),
        );
        break;
      case "subscribed":
        subscribed = true;
        for (const [partition, at] of Object.entries(message.at))
          if (!position.has(Number(partition))) position.set(Number(partition), at);
        break;
      case "alert":
        heard.push(message.id);
        position.set(message.partition, message.offset);
        break;
      case "gap":
        complaints.push(`gap of ${message.partition}: ${message.from} to ${message.to}`);
        break;
      case "error":
        if (!AGAIN.includes(message.code)) complaints.push(message.code);
        socket.close();
    }
  };
  const connect = (): void => {
    const current = new WebSocket(url, { perMessageDeflate: false });
    socket = current;
    current.on("open", () => current.send(JSON.stringify({ type: "auth", token })));
    current.on("message", (data) => take((data as Buffer).toString("utf8")));
    current.on("error", () => undefined); // a close follows
    current.on("close", () => {
      subscribed = false;
      if (!closing) setTimeout(connect, PAUSE_MILLISECONDS);
    });
  };
  connect();
  return {
    heard,
    complaints,
    get subscribed() {
      return subscribed;
    },
    close: () => {
      closing = true;
      socket.terminate();
    },
  };
}
