/** A small service of the kind that the load talks to, which misbehaves on demand. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** `lostAnswer`: does what was asked, then cuts the connection. `unfit`: 200 with something else. */
export type Manner = "ok" | "error" | "hang" | "reset" | "lostAnswer" | "unfit" | "reject" | "slow";

export interface Exchange {
  readonly baseUrl: string;
  readonly wsUrl: string;
  /** Rows by idempotency key. */
  readonly rows: ReadonlyMap<string, { id: string; name: string; products: string[] }>;
  readonly requests: () => number;
  readonly headersSeen: readonly string[];
  readonly clients: () => number;
  /** Appends a trade of each product to the log and sends it to who listens; `to` may change what is sent. */
  publish(to?: (frame: Frame) => readonly Frame[]): void;
  /** Cuts all WebSockets without a word. */
  cut(): void;
  close(): Promise<void>;
}

export interface Frame {
  readonly type: "price";
  readonly product: string;
  readonly tradeId: number;
  readonly partition: number;
  readonly offset: number;
}

export interface ExchangeOptions {
  /** How the nth request is answered. */
  readonly manner?: (nth: number, request: IncomingMessage) => Manner;
  readonly products?: readonly string[];
  /** How the nth WebSocket handshake is answered. */
  readonly handshake?: (nth: number) => "ok" | "refuse" | "error";
}

export const PRODUCTS = ["BTC-USD", "ETH-USD"];

export async function startExchange(options: ExchangeOptions = {}): Promise<Exchange> {
  const { manner = () => "ok", products = PRODUCTS, handshake = () => "ok" } = options;
  const rows = new Map<string, { id: string; name: string; products: string[] }>();
  const log: Frame[] = [];
  const headersSeen: string[] = [];
  const subscriptions = new Map<WebSocket, ReadonlySet<string>>();
  let requests = 0;
  let handshakes = 0;

  const server = createServer((request, response) => {
    const how = manner(requests++, request);
    headersSeen.push(String(request.headers["x-trial"] ?? ""));
    void bodyOf(request).then((body) => {
      if (how === "hang") return;
      if (how === "reset") request.socket.resetAndDestroy();
      else if (how === "error") send(response, 500, { title: "no" });
      else if (how === "reject") send(response, 404, { title: "nothing here" });
      else if (how === "unfit") send(response, 200, { something: "else" });
      else {
        const answer = handle(request, body);
        if (how === "lostAnswer") request.socket.resetAndDestroy();
        else setTimeout(() => send(response, ...answer), how === "slow" ? 300 : 0);
      }
    });
  });

  const handle = ({ method, url = "", headers }: IncomingMessage, body: string): [number, unknown] => {
    const path = url.split("/").slice(0, 4).join("/");
    const last = url.split("/")[4] ?? "";
    if (path === "/api/v1/prices") {
      if (last === "") return [200, { prices: products.map((product) => ({ product })) }];
      return [200, { product: last, prices: [{ tradeId: 1 }] }];
    }
    if (method === "POST") {
      const key = String(headers["idempotency-key"]);
      const row = rows.get(key) ?? { id: randomUUID(), ...(JSON.parse(body) as { name: string; products: string[] }) };
      rows.set(key, row);
      return [201, row];
    }
    const found = [...rows].find(([, row]) => row.id === last);
    if (!found) return [404, { title: "no such watchlist" }];
    if (method === "DELETE") rows.delete(found[0]);
    return method === "DELETE" ? [204, undefined] : [200, found[1]];
  };

  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (handshake(handshakes++) === "refuse") {
      socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on("message", (data: Buffer) => subscribe(client, data.toString("utf8")));
      client.on("close", () => subscriptions.delete(client));
    });
  });
  const subscribe = (client: WebSocket, text: string): void => {
    if (handshake(handshakes - 1) === "error") {
      client.send(JSON.stringify({ type: "error", code: "invalid-message", detail: "not today" }));
      return;
    }
    const asked = JSON.parse(text) as { products: string[]; from?: Record<string, number> };
    const end = Object.fromEntries(products.map((_, partition) => [String(partition), lastOffset(log, partition)]));
    const at = { ...end, ...asked.from };
    client.send(JSON.stringify({ type: "subscribed", products: asked.products, at }));
    for (const frame of log) {
      if (frame.offset > (at[String(frame.partition)] ?? -1)) client.send(JSON.stringify(frame));
    }
    subscriptions.set(client, new Set(asked.products));
  };

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    rows,
    requests: () => requests,
    headersSeen,
    clients: () => subscriptions.size,
    publish(to = (frame) => [frame]) {
      for (const [partition, product] of products.entries()) {
        const offset = lastOffset(log, partition) + 1;
        const frame: Frame = { type: "price", product, tradeId: 100 + offset, partition, offset };
        log.push(frame);
        for (const [client, wanted] of subscriptions) {
          if (wanted.has(product)) for (const sent of to(frame)) client.send(JSON.stringify(sent));
        }
      }
    },
    cut: () => subscriptions.forEach((_, client) => client.terminate()),
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const lastOffset = (log: readonly Frame[], partition: number): number =>
  log.filter((frame) => frame.partition === partition).length - 1;

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** Resolves when it holds. @throws Error after 5 s, with what was waited for */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let left = 1000; !holds(); left--) {
    if (left === 0) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
