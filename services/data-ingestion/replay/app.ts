import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { type EmittedTrade, Exchange } from "./exchange.ts";
import { KrakenReplay } from "./kraken.ts";
import { createPostsReplay, type PostsReplay } from "./posts/app.ts";
import { Subscribers } from "./subscribers.ts";

export interface ReplayOptions {
  readonly seed: number;
  readonly products: readonly string[];
  /** Trades per second, over all products. */
  readonly rate: number;
  readonly total?: number;
  /** A test's way to lose a message on the socket; the trade stays available by REST. */
  readonly drop?: (trade: EmittedTrade) => boolean;
  /** Milliseconds between heartbeats; the exchange's is 1,000. */
  readonly heartbeat?: number;
  /** Trades per second of a second exchange, Kraken, over the same products, and how many; without it there is none. */
  readonly kraken?: { readonly rate: number; readonly total?: number };
  /** Posts per second over all sources of posts, and how many; without it there are none. */
  readonly posts?: { readonly rate: number; readonly total?: number };
}

export interface Replay {
  readonly exchange: Exchange;
  readonly kraken: KrakenReplay | undefined;
  readonly posts: PostsReplay | undefined;
  /** @returns the port */
  listen(port: number, host?: string): Promise<number>;
  /** Cuts every subscriber of trades or posts, as a failing server would. */
  cut(): void;
  close(): Promise<void>;
}

const MAX_LIMIT = 1000;

/**
 * A feed that speaks the exchange's WebSocket format and its REST endpoint for trades, on one port.
 *
 * It begins with its first subscriber, so that whoever watches from the start can account for every trade. Beside the
 * exchange's own paths: `GET /emitted`, `POST /pause`, `POST /resume`, `POST /stop` (answers like `/emitted`), and
 * `GET /health`. With `kraken` it is that exchange too, with `posts` it speaks for the sources of posts as well.
 */
export function createReplay({ drop = () => false, heartbeat, kraken, posts, ...options }: ReplayOptions): Replay {
  const exchange = new Exchange({
    ...options,
    onTrade: (trade) => {
      if (!drop(trade)) subscribers.trade(trade);
    },
  });
  const subscribers = new Subscribers(exchange, heartbeat);
  const social = posts && createPostsReplay({ seed: options.seed, ...posts });
  // Its market moves by itself: two exchanges never have the same trades.
  const second =
    kraken &&
    new KrakenReplay({
      ...{ drop, seed: (options.seed + 1) >>> 0, products: options.products, ...kraken },
      ...(heartbeat === undefined ? {} : { heartbeat }),
    });
  const server = createServer((request, response) => {
    if (!social?.answer(request, response) && !second?.answer(request, response)) answer(exchange, request, response);
  });
  server.on("upgrade", (request, socket, head) => {
    if (!social?.upgrade(request, socket, head) && !second?.upgrade(request, socket, head))
      subscribers.upgrade(request, socket, head);
  });
  return {
    exchange,
    kraken: second,
    posts: social,
    listen: (port, host = "127.0.0.1") =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
      }),
    cut: () => {
      subscribers.cut();
      second?.cut();
      social?.cut();
    },
    close: () =>
      new Promise((resolve) => {
        exchange.pause();
        second?.close();
        social?.crowd.pause();
        social?.cut();
        subscribers.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(exchange: Exchange, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://replay");
  const call = `${request.method ?? "GET"} ${url.pathname}`;
  const product = /^GET \/products\/([^/]+)\/trades$/.exec(call)?.[1];
  if (product !== undefined) trades(exchange, product, url.searchParams, response);
  else if (call === "GET /health") send(response, 200, { status: "ok" });
  else if (call === "GET /emitted") send(response, 200, exchange.emitted());
  else if (call === "POST /pause" || call === "POST /stop") {
    exchange.pause();
    send(response, 200, exchange.emitted());
  } else if (call === "POST /resume") {
    exchange.resume();
    send(response, 200, exchange.emitted());
  } else send(response, 404, { message: "NotFound" });
}

function trades(exchange: Exchange, product: string, query: URLSearchParams, response: ServerResponse): void {
  if (!exchange.products.has(product)) {
    send(response, 404, { message: "NotFound" });
    return;
  }
  const number = (name: string): number | undefined => (query.has(name) ? Number(query.get(name)) : undefined);
  const [limit = MAX_LIMIT, before, after] = [number("limit"), number("before"), number("after")];
  if (![limit, before ?? 0, after ?? 0].every(Number.isSafeInteger) || limit < 1) {
    send(response, 400, { message: "invalid limit, before or after" });
    return;
  }
  const page = exchange.page(product, Math.min(limit, MAX_LIMIT), before, after);
  if (page.before !== undefined) response.setHeader("cb-before", page.before);
  if (page.after !== undefined) response.setHeader("cb-after", page.after);
  const rows = page.trades.map(({ trade_id, side, size, price, time }) => ({ trade_id, side, size, price, time }));
  send(response, 200, rows);
}

function send(response: ServerResponse, status: number, document: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(document));
}
