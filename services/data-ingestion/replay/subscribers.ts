import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";

import type { EmittedTrade, Exchange } from "./exchange.ts";

const request = z.object({
  type: z.enum(["subscribe", "unsubscribe"]),
  product_ids: z.array(z.string()).min(1),
  channels: z.array(z.enum(["matches", "heartbeat"])).min(1),
});

interface Subscription {
  readonly matches: Set<string>;
  readonly heartbeat: Set<string>;
}

const HEARTBEAT_MS = 1_000;

/** Everyone who is connected, and what they asked for. */
export class Subscribers {
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
  readonly #all = new Map<WebSocket, Subscription>();
  readonly #exchange: Exchange;
  readonly #timer: NodeJS.Timeout;

  constructor(exchange: Exchange, heartbeat = HEARTBEAT_MS) {
    this.#exchange = exchange;
    this.#timer = setInterval(() => this.#beat(), heartbeat);
  }

  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    this.#server.handleUpgrade(incoming, socket, head, (client) => {
      this.#all.set(client, { matches: new Set(), heartbeat: new Set() });
      client.on("message", (data) => this.#receive(client, (data as Buffer).toString("utf8")));
      client.on("error", () => client.terminate());
      client.once("close", () => this.#all.delete(client));
    });
  }

  trade(trade: EmittedTrade): void {
    const frame = matchFrame("match", trade);
    for (const [client, { matches }] of this.#all) if (matches.has(trade.product_id)) client.send(frame);
  }

  cut(): void {
    for (const client of this.#all.keys()) client.terminate();
  }

  close(): void {
    clearInterval(this.#timer);
    this.cut();
  }

  #receive(client: WebSocket, text: string): void {
    const wanted = read(text);
    const subscription = this.#all.get(client);
    if (!subscription) return;
    const unknown = wanted?.product_ids.find((product) => !this.#exchange.products.has(product));
    if (!wanted || unknown !== undefined) {
      const reason = wanted ? `${unknown ?? ""} is not a valid product` : "malformed JSON or unknown type";
      client.send(JSON.stringify({ type: "error", message: "Failed to subscribe", reason }));
      return;
    }
    for (const channel of wanted.channels) {
      for (const product of wanted.product_ids) {
        if (wanted.type === "subscribe") subscription[channel].add(product);
        else subscription[channel].delete(product);
      }
    }
    client.send(JSON.stringify({ type: "subscriptions", channels: channelsOf(subscription) }));
    if (wanted.type === "unsubscribe" || !wanted.channels.includes("matches")) return;
    for (const product of wanted.product_ids) {
      const last = this.#exchange.last(product);
      if (last) client.send(matchFrame("last_match", last));
    }
    this.#exchange.start();
  }

  #beat(): void {
    const time = new Date().toISOString();
    for (const [client, { heartbeat }] of this.#all) {
      for (const product of heartbeat) {
        const last = this.#exchange.last(product);
        const beat = { last_trade_id: last?.trade_id ?? 0, product_id: product, sequence: last?.sequence ?? 0, time };
        client.send(JSON.stringify({ type: "heartbeat", ...beat }));
      }
    }
  }
}

function matchFrame(type: "match" | "last_match", trade: EmittedTrade): string {
  return JSON.stringify({ type, ...trade });
}

function channelsOf({ matches, heartbeat }: Subscription) {
  return [
    { name: "matches", product_ids: [...matches] },
    { name: "heartbeat", product_ids: [...heartbeat] },
  ].filter(({ product_ids }) => product_ids.length > 0);
}

function read(text: string): z.infer<typeof request> | undefined {
  try {
    return request.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
