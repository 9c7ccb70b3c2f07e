import { Agent, get } from "node:http";

import { expect } from "chai";

import { createHttpServer, type Handler } from "../../../services/shared/http.ts";
import { createLifecycle } from "../../../services/shared/lifecycle.ts";
import { probesOnly } from "../../../services/shared/probes.ts";
import { collectingLog, quiet } from "../support.ts";

interface Answer {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: string;
}

function fetchBy(agent: Agent, port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get({ agent, port, path, headers }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
    }).on("error", reject);
  });
}

describe("services/shared/http", () => {
  const agent = new Agent({ keepAlive: true });
  after(() => agent.destroy());

  async function start(handler: Handler) {
    const lifecycle = createLifecycle({ log: quiet });
    const { log, lines } = collectingLog();
    const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: 75 });
    const port = await http.listen(0, "127.0.0.1");
    return { lifecycle, lines, http, port };
  }

  it("keeps a sane request id, replaces another, and logs it without the query", async () => {
    const { http, port, lines } = await start((_request, response) => response.end("x"));
    const kept = await fetchBy(agent, port, "/a?token=1", { "x-request-id": "abc-123.def" });
    const replaced = await fetchBy(agent, port, "/a", { "x-request-id": "a b" });
    await http.close();
    expect(kept.headers["x-request-id"]).to.equal("abc-123.def");
    expect(replaced.headers["x-request-id"]).to.match(/^[0-9a-f-]{36}$/);
    expect(lines.find(({ requestId }) => requestId === "abc-123.def")).to.include({ path: "/a", status: 200 });
  });

  it("outlasts the load balancer's idle timeout", async () => {
    const { http } = await start((_request, response) => response.end());
    expect(http.server.keepAliveTimeout).to.equal(75_000);
    expect(http.server.headersTimeout).to.be.greaterThan(http.server.keepAliveTimeout);
    await http.close();
  });

  it("answers what is under way with Connection: close and then ends", async () => {
    const arrived = Promise.withResolvers<undefined>();
    const answer = Promise.withResolvers<undefined>();
    const { http, port, lifecycle } = await start((_request, response) => {
      arrived.resolve(undefined);
      void answer.promise.then(() => response.end("done"));
    });
    const request = fetchBy(agent, port, "/slow");
    await arrived.promise;
    lifecycle.onDrain("http", () => http.close());
    const drained = lifecycle.drain("test");
    answer.resolve(undefined);
    const { status, headers, body } = await request;
    expect({ status, body, connection: headers["connection"] }).to.deep.equal({
      status: 200,
      body: "done",
      connection: "close",
    });
    expect(await drained).to.equal(true);
  });

  it("probes: shallow health, deep readiness, 503 while draining, problems elsewhere", async () => {
    let postgres = true;
    const checks = [
      { name: "postgres", required: true, run: () => (postgres ? undefined : Promise.reject(new Error("away"))) },
      { name: "redis", required: false, run: () => Promise.reject(new Error("away")) },
    ];
    const lifecycle = createLifecycle({ log: quiet });
    const handler = probesOnly({ lifecycle, log: quiet, checks });
    const http = createHttpServer({ handler, lifecycle, log: quiet, keepAliveSeconds: 1 });
    const port = await http.listen(0, "127.0.0.1");
    const ready = async () => {
      const { status, body } = await fetchBy(agent, port, "/ready");
      return { status, ...(JSON.parse(body) as object) };
    };
    expect(await ready()).to.deep.equal({
      status: "ready",
      checks: { postgres: "ok", redis: "degraded" },
    });
    postgres = false;
    expect((await fetchBy(agent, port, "/ready")).status).to.equal(503);
    expect((await fetchBy(agent, port, "/health")).status).to.equal(200);
    const missing = await fetchBy(agent, port, "/nope");
    expect(missing.headers["content-type"]).to.match(/^application\/problem\+json/);
    postgres = true;
    lifecycle.onDrain("look", async () => {
      expect(await ready()).to.include({ status: "draining" });
    });
    lifecycle.onDrain("http", () => http.close());
    expect(await lifecycle.drain("test")).to.equal(true);
  });
});
