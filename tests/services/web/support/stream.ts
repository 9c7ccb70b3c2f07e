/** The mock's WebSocket: the service's own reading of requests and writing of frames, with a short memory between. */
import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import * as frames from "../../../../services/websocket/frames.ts";
import { readRequest, type Request } from "../../../../services/websocket/requests.ts";

export interface MockStream {
  /** Everything that clients asked for, in order. */
  readonly requests: readonly Request[];
  readonly clients: number;
  trade(product: string, price: string): void;
  post(symbol: string, score: number): void;
  alert(fields: {
    readonly rule: string;
    readonly subject: string;
    readonly threshold: string;
    readonly value: string;
  }): void;
  /** All clients lose their connection; what happens meanwhile is kept for them. */
  drop(code?: number): void;
}

const id = (count: number): string => `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`;
const USER = id(0);

export function mockStream(server: Server, isUser: (token: string) => boolean): MockStream {
  const sockets = new WebSocketServer({ server, path: "/ws" });
  const requests: Request[] = [];
  const kept: { readonly channel: string; readonly data: Buffer }[] = [];
  const channels = new Map<WebSocket, Set<string>>();
  let count = 1_000;

  function publish(channel: string, data: Buffer): void {
    kept.push({ channel, data });
    for (const [socket, wanted] of channels) if (wanted.has(channel)) socket.send(data.toString());
  }

  function answer(socket: WebSocket, request: Request): void {
    if (request.type === "auth") {
      socket.send(
        isUser(request.token)
          ? frames.authenticated(new Date(Date.now() + 600_000))
          : frames.error({ code: "token-invalid", detail: "The access token is not valid." }),
      );
      return;
    }
    if (request.type === "unsubscribe") return;
    const { channel = "prices", from } = request;
    const keys = "products" in request ? request.products : "symbols" in request ? request.symbols : [];
    const next = kept.filter((message) => message.channel === channel).length;
    const start = from?.["0"] === undefined ? next : from["0"] + 1;
    socket.send(frames.subscribed(channel, keys, { "0": start - 1 }));
    if (channels.get(socket)?.has(channel)) return;
    channels.get(socket)?.add(channel);
    const missed = kept.filter((message) => message.channel === channel).slice(start);
    for (const { data } of missed) socket.send(data.toString());
  }

  sockets.on("connection", (socket) => {
    channels.set(socket, new Set());
    socket.on("close", () => channels.delete(socket));
    socket.on("message", (data: Buffer) => {
      const read = readRequest(data.toString());
      if (!read.ok) {
        socket.send(frames.error(read));
        return;
      }
      requests.push(read.request);
      answer(socket, read.request);
    });
  });

  const offsetOf = (channel: string): number => kept.filter((message) => message.channel === channel).length;
  const now = (): string => new Date().toISOString();
  return {
    requests,
    get clients() {
      return channels.size;
    },
    trade: (product, price) => {
      const source = { exchange: "coinbase", reference: true } as const;
      const trade = { v: 1, product, tradeId: (count += 1), price, size: "0.1", side: "buy", time: now() } as const;
      publish("prices", frames.price({ ...trade, ...source, sequence: null, fence: 1 }, 0, offsetOf("prices")));
    },
    post: (symbol, score) => {
      const post = `${(count += 1) % 3 === 0 ? "reddit" : "bluesky"}:${count}`;
      const said = {
        v: 1,
        post,
        source: "bluesky",
        revision: 0,
        symbol,
        score,
        confidence: 0.8,
        model: "lexicon-1",
      } as const;
      const message = { ...said, hour: { mean: score / 2, posts: 12 }, time: now(), receivedAt: now() };
      publish("sentiment", frames.sentiment(message, 0, offsetOf("sentiment")));
    },
    alert: (fields) => {
      const alert = { v: 1, id: id((count += 1)), user: USER, kind: "price", direction: "above", ...fields } as const;
      publish("alerts", frames.alert({ ...alert, time: now(), firedAt: now() }, 0, offsetOf("alerts")));
    },
    drop: (code = 1001) => {
      for (const socket of channels.keys()) socket.close(code);
    },
  };
}
