/** A replica of the service on a port of its own, with topics that a test feeds, and its clients. */
import { WebSocket } from "ws";

import { signAccessToken } from "../../../services/auth/access-token.ts";
import { deriveKeys } from "../../../services/auth/keys.ts";
import { createHttpServer } from "../../../services/shared/http.ts";
import { createLifecycle } from "../../../services/shared/lifecycle.ts";
import type { Check } from "../../../services/shared/probes.ts";
import { type Verifier, verifierBy } from "../../../services/shared/tokens.ts";
import { createWebsocketApp } from "../../../services/websocket/app.ts";
import { createStreams, type Streams } from "../../../services/websocket/channels.ts";
import { type Limits, LIMITS } from "../../../services/websocket/limits.ts";
import { quiet, until } from "../support.ts";
import { Log } from "./messages.ts";

export type Frame = Record<string, unknown> & { readonly type: string };

const keys = await deriveKeys("a signing secret that only tests have");
/** What the issuer of these tokens shows. */
export const JWKS = { keys: [keys.jwk] };
const verifier = verifierBy((kid) => Promise.resolve(kid === keys.jwk.kid ? keys.verifying : undefined));

/** @param signedAt milliseconds since 1970 */
export const tokenOf = (user: string, signedAt = Date.now()): Promise<string> => signAccessToken(keys, user, signedAt);

export interface ReplicaOptions {
  readonly limits?: Partial<Limits>;
  readonly heartbeat?: number;
  /** false: no topic is there yet. */
  readonly begin?: boolean;
  readonly verifier?: Verifier;
  readonly checks?: readonly Check[];
}

/** @param log of the prices topic; the others begin empty, unless given */
export async function replica(log: Log, options: ReplicaOptions = {}, sentiment = new Log(), alerts = new Log()) {
  const streams = createStreams(quiet);
  if (options.begin !== false) streams.prices.begin([{ partition: 0, low: 0, high: log.high }]);
  if (options.begin !== false) streams.sentiment.begin([{ partition: 0, low: 0, high: sentiment.high }]);
  if (options.begin !== false) streams.alerts.begin([{ partition: 0, low: 0, high: alerts.high }]);
  log.feed(streams.prices);
  sentiment.feed(streams.sentiment);
  alerts.feed(streams.alerts);
  return await serve(streams, options);
}

/** A replica whose topics somebody else feeds. */
export async function serve(streams: Streams, options: ReplicaOptions = {}) {
  const lifecycle = createLifecycle({ log: quiet });
  const { limits, heartbeat } = options;
  const app = createWebsocketApp({
    streams,
    verifier: options.verifier ?? verifier,
    lifecycle,
    log: quiet,
    checks: options.checks ?? [],
    limits: { ...LIMITS, ...limits },
    ...(heartbeat === undefined ? {} : { heartbeat }),
  });
  const http = createHttpServer({ handler: app.handler, lifecycle, log: quiet, keepAliveSeconds: 1 });
  app.attach(http.server);
  const port = await http.listen(0, "127.0.0.1");
  lifecycle.onDrain("clients", () => app.close());
  let lingering: Promise<undefined> | undefined;
  lifecycle.onDrain("linger", () => lingering);
  lifecycle.onDrain("http", () => http.close());
  return { ...streams, app, lifecycle, port, linger: (until: Promise<undefined>) => (lingering = until) };
}

export type Client = Awaited<ReturnType<typeof connect>>;

export async function connect(port: number, options = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, options);
  const frames: Frame[] = [];
  let closed: { code: number } | undefined;
  socket.on("message", (data) => frames.push(JSON.parse((data as Buffer).toString()) as Frame));
  socket.on("close", (code) => (closed = { code }));
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const of = (wanted: string) => frames.filter(({ type }) => type === wanted);
  return {
    socket,
    frames,
    of,
    code: async () => {
      await until(() => closed !== undefined);
      return closed?.code;
    },
    ask: (message: object) => socket.send(JSON.stringify(message)),
    prices: () => of("price").map(({ tradeId }) => tradeId),
    errors: () => of("error").map(({ code }) => code),
    /** Resolves when that many frames have come. */
    has: (count: number) => until(() => frames.length >= count),
  };
}
