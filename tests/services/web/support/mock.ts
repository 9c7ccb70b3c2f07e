/** The whole mock: the built site under the strictest content policy, the API's shapes and the stream. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { mockApi, type MockApi, type MockUser, refusals } from "./api.ts";
import { mockStream, type MockStream } from "./stream.ts";

/** Stricter than the site's own: not even styles in the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

export const USER: MockUser = { email: "ada@example.org", password: "four plain words here" };

/** A rehearsal halfway. */
export const SYSTEM = {
  v: 1,
  time: "2026-11-25T03:00:00.000Z",
  phase: "Watch 70 % on eks",
  steps: [
    { title: "Shift 70 % to eks", phase: "70 %", state: "done", says: "Weights read back.", seconds: 0.002 },
    { title: "Watch 70 % on eks", phase: "70 %", state: "running", says: "Baking for 60 s.", seconds: 4.2 },
    { title: "Shift 100 % to eks", phase: "100 %", state: "waiting", says: null, seconds: null },
  ],
  sides: [
    {
      name: "blue",
      target: "ecs",
      weight: 30,
      services: [
        { name: "api-service", ready: 3, wanted: 3 },
        { name: "websocket-service", ready: 2, wanted: 2 },
        { name: "sentiment-processor", ready: 2, wanted: 2 },
      ],
    },
    {
      name: "green",
      target: "eks",
      weight: 70,
      services: [
        { name: "api-service", ready: 3, wanted: 3 },
        { name: "websocket-service", ready: 1, wanted: 2 },
        { name: "sentiment-processor", ready: 2, wanted: 2 },
      ],
    },
  ],
} as const;

export interface Mock {
  readonly url: string;
  readonly api: MockApi;
  readonly stream: MockStream;
  close(): Promise<void>;
}

/** @param site folder of the built site  @param system whether /system.json is there */
export async function startMock(site: string, { system = true, port = 0 } = {}): Promise<Mock> {
  const api = mockApi(USER);
  const app = express().disable("x-powered-by");
  app.use((_request, response, next) => {
    response.set({ "content-security-policy": POLICY, "x-content-type-options": "nosniff" });
    next();
  });
  if (system) app.get("/system.json", (_request, response) => void response.json({ ...SYSTEM, time: new Date() }));
  app.use(api.app);
  app.use(express.static(site));
  app.use((_request, response) => void response.status(404).type("text").send("There is nothing here."));
  app.use(refusals);
  const server = createServer(app);
  const stream = mockStream(server, (token) => api.isUser(token));
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    api,
    stream,
    close: () =>
      new Promise((done) => {
        stream.drop();
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
