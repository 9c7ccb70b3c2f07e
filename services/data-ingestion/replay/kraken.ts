import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";

import { type EmittedTrade, Exchange, type ExchangeOptions } from "./exchange.ts";

export const KRAKEN_PATH = "/v2";
const TRADES_PATH = "/0/public/Trades";
export const KRAKEN_EMITTED_PATH = "/kraken/emitted";

const SNAPSHOT = 50;
const PAGE = 1000;
const HEARTBEAT_MS = 1_000;

const request = z.object({
  method: z.literal("subscribe"),
  params: z.object({
    channel: z.literal("trade"),
    symbol: z.array(z.string()).min(1),
    snapshot: z.boolean().default(false),
  }),
});

export interface KrakenReplayOptions extends Omit<ExchangeOptions, "onTrade"> {
  /** A test's way to lose a message on the socket; the trade stays available by REST. */
  readonly drop?: (trade: EmittedTrade) => boolean;
  /** Milliseconds between heartbeats; the exchange's is 1,000. */
  readonly heartbeat?: number;
}

/** A second exchange, in Kraken's formats: the trade channel of its WebSocket v2, and REST's recent trades. */
export class KrakenReplay {
  readonly exchange: Exchange;
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
  readonly #subscribers = new Map<WebSocket, Set<string>>();
  readonly #timer: NodeJS.Timeout;

  constructor({ drop = () => false, heartbeat = HEARTBEAT_MS, ...options }: KrakenReplayOptions) {
    this.exchange = new Exchange({
      ...options,
      onTrade: (trade) => {
        if (drop(trade)) return;
        const frame = framed("update", [trade]);
        for (const [client, products] of this.#subscribers) if (products.has(trade.product_id)) client.send(frame);
      },
    });
    this.#timer = setInterval(() => {
      for (const [client, { size }] of this.#subscribers) if (size > 0) client.send('{"channel":"heartbeat"}');
    }, heartbeat);
  }

  /** @returns whether the path is its own */
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (urlOf(incoming).pathname !== KRAKEN_PATH) return false;
    socket.on("error", () => socket.destroy());
    this.#server.handleUpgrade(incoming, socket, head, (client) => {
      this.#subscribers.set(client, new Set());
      client.on("message", (data) => this.#receive(client, (data as Buffer).toString("utf8")));
      client.on("error", () => client.terminate());
      client.once("close", () => this.#subscribers.delete(client));
      client.send(
        '{"channel":"status","type":"update","data":[{"version":"2.0.0","system":"online","api_version":"v2"}]}',
      );
    });
    return true;
  }

  /** @returns whether the path is its own */
  answer(incoming: IncomingMessage, response: ServerResponse): boolean {
    const { pathname, searchParams } = urlOf(incoming);
    if (incoming.method !== "GET") return false;
    if (pathname === KRAKEN_EMITTED_PATH) send(response, JSON.stringify(this.exchange.emitted()));
    else if (pathname === TRADES_PATH) send(response, this.#page(searchParams));
    else return false;
    return true;
  }

  /** Cuts every subscriber. */
  cut(): void {
    for (const client of this.#subscribers.keys()) client.terminate();
  }

  close(): void {
    clearInterval(this.#timer);
    this.exchange.pause();
    this.cut();
  }

  #receive(client: WebSocket, text: string): void {
    const wanted = read(text);
    const products = this.#subscribers.get(client);
    if (!products) return;
    if (!wanted) {
      client.send('{"error":"Malformed request","success":false}');
      return;
    }
    const { symbol: symbols, snapshot } = wanted.params;
    this.exchange.start();
    for (const symbol of symbols) {
      const product = symbol.replace("/", "-");
      const [error, result] = [`Currency pair not supported ${symbol}`, { channel: "trade", snapshot, symbol }];
      const known = this.exchange.products.has(product);
      const outcome = known ? { result, success: true } : { error, success: false, symbol };
      client.send(JSON.stringify({ method: "subscribe", ...outcome }));
      if (!known) continue;
      products.add(product);
      const last = this.exchange.page(product, SNAPSHOT, undefined, undefined).trades;
      if (snapshot) client.send(framed("snapshot", last.toReversed()));
    }
  }

  /** Oldest first, of what came after `since` nanoseconds; without it the newest. */
  #page(query: URLSearchParams): string {
    const pair = query.get("pair") ?? "";
    const product = [...this.exchange.products].find((one) => pairOf(one) === pair);
    if (product === undefined) return '{"error":["EQuery:Unknown asset pair"]}';
    const since = query.get("since");
    const all = this.exchange.page(product, Number.MAX_SAFE_INTEGER, undefined, undefined).trades.toReversed();
    const after = since === null ? all.slice(-PAGE) : all.filter((trade) => nanosecondsOf(trade) > BigInt(since));
    const rows = after.slice(0, Math.min(PAGE, Number(query.get("count") ?? PAGE)));
    const last = rows.at(-1);
    const cursor = last ? String(nanosecondsOf(last)) : (since ?? "0");
    return `{"error":[],"result":{"X${pair}":[${rows.map(rowOf).join(",")}],"last":"${cursor}"}}`;
  }
}

/** The side of a trade here is the maker's, which Kraken does not name. */
const taker = ({ side }: EmittedTrade): "buy" | "sell" => (side === "buy" ? "sell" : "buy");
const nanosecondsOf = ({ time }: EmittedTrade): bigint => BigInt(Date.parse(time)) * 1_000_000n;
const pairOf = (product: string): string =>
  product
    .replace(/^BTC-/, "XBT-")
    .replace(/^DOGE-/, "XDG-")
    .replace("-", "");

/** Prices are numbers here, with all digits that they have. */
function framed(type: "snapshot" | "update", trades: readonly EmittedTrade[]): string {
  const data = trades.map((trade) => {
    const { product_id: product, price, size, trade_id: id, time } = trade;
    const side = taker(trade);
    return `{"symbol":"${product.replace("-", "/")}","side":"${side}","price":${price},"qty":${size},"ord_type":"limit","trade_id":${id},"timestamp":"${time}"}`;
  });
  return `{"channel":"trade","type":"${type}","data":[${data.join(",")}]}`;
}

function rowOf(trade: EmittedTrade): string {
  const { price, size, trade_id: id, time } = trade;
  return `["${price}","${size}",${(Date.parse(time) / 1000).toFixed(3)},"${taker(trade)[0] ?? ""}","l","",${id}]`;
}

const urlOf = (incoming: IncomingMessage): URL => new URL(incoming.url ?? "/", "http://replay");

function send(response: ServerResponse, document: string): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(document);
}

function read(text: string): z.infer<typeof request> | undefined {
  try {
    return request.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
