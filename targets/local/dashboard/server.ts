/** What is served beside the services: the web app, what it has to know of this platform, and the mails that it sent. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { LOCALHOST } from "../processes/ports.ts";
import { fileAt, isRoute } from "./files.ts";

export interface DashboardOptions {
  /** The web app's built files; none need be there yet. */
  readonly folder: string;
  /** JSON documents by path, made anew for each request. */
  readonly documents: Readonly<Record<string, () => unknown>>;
}

export interface Dashboard {
  readonly port: number;
  /** Twice is harmless. */
  close(): Promise<void>;
}

const HEADERS = {
  "content-security-policy":
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/** @source RFC 8246: what has its hash in its name needs no revalidation, ever */
const KEEP = "public, max-age=31536000, immutable";

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>CryptoTracker</title>
  <h1>The platform runs; its web app is not built</h1>
  <p>Build it and reload this page: <code>npm run build:web</code></p>
  <ul>
    <li><a href="/api/docs">The API</a></li>
    <li><a href="/system.json">What runs</a></li>
    <li><a href="/dev/mails">Mails that were sent</a></li>
  </ul>
</html>
`;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer | string;
  readonly cache: string;
}

export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const server = createServer((request, response) => {
    answer(request, options).then(
      (found) => send(request, response, found),
      () => send(request, response, text(500, "This went wrong.")),
    );
  });
  server.listen(0, LOCALHOST);
  await once(server, "listening");
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    close: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer({ method, url = "/" }: IncomingMessage, options: DashboardOptions): Promise<Answer> {
  if (method !== "GET" && method !== "HEAD") return text(405, "Only GET and HEAD.");
  const [path = "/"] = url.split("?");
  const document = options.documents[path];
  if (document) return json(document());
  const file = await fileAt(options.folder, path);
  if (file) return { status: 200, type: file.type, body: file.body, cache: file.immutable ? KEEP : "no-cache" };
  if (!isRoute(path)) return text(404, "There is no such file.");
  // The app has routes of its own; all of them begin with its one page.
  const page = await fileAt(options.folder, "/index.html");
  return page
    ? { status: 200, type: page.type, body: page.body, cache: "no-cache" }
    : { status: 200, type: "text/html; charset=utf-8", body: NOT_BUILT, cache: "no-store" };
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, type, body, cache }: Answer): void {
  response.writeHead(status, {
    ...HEADERS,
    ...(status === 405 ? { allow: "GET, HEAD" } : {}),
    "cache-control": cache,
    "content-type": type,
    "content-length": Buffer.byteLength(body),
  });
  response.end(method === "HEAD" ? undefined : body);
}

function json(value: unknown): Answer {
  return {
    status: 200,
    type: "application/json; charset=utf-8",
    body: `${JSON.stringify(value, null, 2)}\n`,
    cache: "no-store",
  };
}

function text(status: number, sentence: string): Answer {
  return { status, type: "text/plain; charset=utf-8", body: `${sentence}\n`, cache: "no-store" };
}

/** Where the web app's build puts its files. */
export function webFolder(root: string): string {
  return join(root, "services/web/dist");
}
