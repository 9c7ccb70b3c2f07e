import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { expect } from "chai";
import { WebSocket } from "ws";
import { freePort, LOCALHOST } from "../../../../targets/local/processes/ports.ts";
import {
  startRouter,
  type RequestResult,
  type Router,
  type TargetSpec,
} from "../../../../targets/local/router/index.ts";
import { createTime } from "../../../../targets/local/time.ts";
import { startTarget, type HttpTarget } from "../fixtures/http-targets.ts";
import { until } from "../fixtures/until.ts";

const check = { path: "/health", port: 1, interval: 6, timeout: 5, failures: 2 };

describe("targets/local/router", () => {
  let router: Router;
  let results: RequestResult[];
  const targets: HttpTarget[] = [];
  const open: WebSocket[] = [];

  beforeEach(async () => {
    results = [];
    router = await startRouter({ idleTimeout: 60, time: createTime(60), onResult: (result) => results.push(result) });
  });
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.terminate();
    await router.close();
    await Promise.all(targets.splice(0).map((target) => target.close()));
  });

  async function target(...arguments_: Parameters<typeof startTarget>): Promise<HttpTarget> {
    const started = await startTarget(...arguments_);
    targets.push(started);
    return started;
  }
  function group(name: string, deregistrationDelay = 300): void {
    router.addGroup({ name, check, deregistrationDelay });
  }
  async function healthy(name: string, spec: TargetSpec): Promise<void> {
    router.register(name, spec);
    await until(() => router.describeHealth(name).some(({ id, state }) => id === spec.id && state === "healthy"));
  }
  async function blueAndGreen(weights: Record<string, number>): Promise<void> {
    for (const name of ["blue", "green"]) {
      group(name);
      await healthy(name, (await target(name)).spec);
    }
    const forward = Object.entries(weights).map(([name, weight]) => ({ group: name, weight }));
    router.addRule({ priority: 100, paths: ["/*"], forward });
  }
  async function get(path = "/", headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
    const response = await fetch(router.url + path, { headers });
    return { status: response.status, body: await response.text() };
  }
  async function socket(): Promise<WebSocket> {
    const client = new WebSocket(router.url.replace("http", "ws"));
    open.push(client);
    await once(client, "open");
    return client;
  }
  async function echo(client: WebSocket): Promise<string> {
    client.send("hello");
    return String((await once(client, "message"))[0]);
  }

  it("splits requests by weight, and reads the weights back from the rule", async () => {
    await blueAndGreen({ blue: 90, green: 10 });
    const requests = 2000;
    let green = 0;
    for (let i = 0; i < requests; i += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => get()));
      green += answers.filter(({ body }) => body === "green").length;
    }
    // six standard deviations of a binomial: a false alarm once in 10⁹ runs
    const deviation = Math.sqrt(requests * 0.1 * 0.9);
    expect(green).to.be.within(requests * 0.1 - 6 * deviation, requests * 0.1 + 6 * deviation);
    expect(router.weights(100)).to.deep.equal({ blue: 90, green: 10 });
    router.setWeights(100, { blue: 0, green: 100 });
    expect(router.weights(100)).to.deep.equal({ blue: 0, green: 100 });
    const after = await Promise.all(Array.from({ length: 50 }, () => get()));
    expect(after.every(({ body }) => body === "green")).to.equal(true);
    const { blue, green: second } = router.metrics();
    expect((blue?.target2xx ?? 0) + (second?.target2xx ?? 0)).to.equal(requests + 50);
    expect(results).to.have.length(requests + 50);
  });

  it("lets the trial header's rule go first, and sends everyone else by the default", async () => {
    await blueAndGreen({ blue: 1 });
    const header = { name: "x-trial", value: "s3cret" };
    router.addRule({ priority: 10, paths: ["/*"], header, forward: [{ group: "green", weight: 1 }] });
    expect((await get("/", { "X-Trial": "s3cret" })).body).to.equal("green");
    expect((await get("/")).body).to.equal("blue");
  });

  it("leaves open WebSockets where they are and sends new ones by the new weights", async () => {
    await blueAndGreen({ blue: 1, green: 0 });
    const first = await socket();
    router.setWeights(100, { blue: 0, green: 1 });
    expect(await echo(first)).to.equal("blue hello");
    expect(await echo(await socket())).to.equal("green hello");
    expect(results.map(({ group: name, status, kind }) => [name, status, kind])).to.deep.equal([
      ["blue", 101, "upgrade"],
      ["green", 101, "upgrade"],
    ]);
    expect(router.metrics()["green"]?.upgrades).to.equal(1);
  });

  it("answers 404 without a rule, 503 without weight or target, 502 when the target refuses", async () => {
    expect((await get()).status).to.equal(404);
    group("empty");
    group("gone");
    router.addRule({ priority: 1, paths: ["/empty"], forward: [{ group: "empty", weight: 1 }] });
    router.addRule({ priority: 2, paths: ["/zero"], forward: [{ group: "empty", weight: 0 }] });
    router.addRule({ priority: 3, paths: ["/gone"], forward: [{ group: "gone", weight: 1 }] });
    expect((await get("/empty")).status).to.equal(503);
    expect((await get("/zero")).status).to.equal(503);
    const dying = await target("dying");
    await healthy("gone", dying.spec);
    await dying.close();
    expect((await get("/gone")).status).to.equal(502);
    const own = results.map(({ group: name, status }) => [name, status]);
    expect(own).to.deep.equal([
      [null, 404],
      ["empty", 503],
      [null, 503],
      ["gone", 502],
    ]);
    expect(router.metrics()["empty"]).to.include({ requestCount: 1, elb5xx: 1, target5xx: 0 });
    expect(router.metrics()["gone"]).to.include({ elb5xx: 1, targetConnectionErrors: 1 });
  });

  it("answers refused upgrades with a status, too", async () => {
    const status = (): Promise<number> => {
      const client = new WebSocket(router.url.replace("http", "ws"));
      open.push(client.on("error", () => undefined));
      return new Promise((resolve) => {
        client.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
      });
    };
    expect(await status()).to.equal(404);
    group("blue");
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    expect(await status()).to.equal(503);
    const dying = await target("dying");
    await healthy("blue", dying.spec);
    await dying.close();
    expect(await status()).to.equal(502);
  });

  it("cuts the client off when the target dies in the middle of an answer, and counts a 502", async () => {
    const dying = await target("dying", (_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setTimeout(() => response.destroy(), 10);
    });
    group("blue");
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    await healthy("blue", dying.spec);
    const failed = await get().then(
      () => false,
      () => true,
    );
    expect(failed).to.equal(true);
    await until(() => results.length === 1);
    expect(results[0]).to.include({ group: "blue", status: 502, own: true });
  });

  it("frees the target when a client leaves before it is answered", async () => {
    let closed = 0;
    const slow = await target("slow", (request) => {
      request.once("close", () => (closed += 1));
    });
    group("blue");
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    await healthy("blue", slow.spec);
    const client = httpRequest(router.url).on("error", () => undefined);
    client.end();
    await until(() => router.describeHealth("blue")[0]?.active === 1);
    client.destroy();
    await until(() => closed === 1 && router.describeHealth("blue")[0]?.active === 0);
    expect(results).to.have.length(1);
    expect(results[0]).to.include({ status: 460 });
    expect(router.metrics()["blue"]).to.include({ aborted: 1, elb5xx: 0 });
  });

  it("leaks nothing when a client leaves before its upgrade is answered", async () => {
    const blue = await target("blue", undefined, undefined, 100);
    group("blue");
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    await healthy("blue", blue.spec);
    const lines = [
      "GET / HTTP/1.1",
      "Host: x",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
    ];
    for (let i = 0; i < 5; i += 1) {
      const client = connect(router.port, LOCALHOST);
      await once(client, "connect");
      client.write(`${[...lines, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="].join("\r\n")}\r\n\r\n`);
      await until(() => blue.upgrades() === i + 1);
      client.destroy();
    }
    await until(() => results.length === 5 && router.describeHealth("blue")[0]?.active === 0);
    await until(async () => (await blue.connections()) === 0);
  });

  it("lets go of a target whose upgrades are cut before they are answered", async () => {
    const blue = await target("blue", undefined, undefined, 100);
    group("blue", 0);
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    await healthy("blue", blue.spec);
    const client = new WebSocket(router.url.replace("http", "ws")).on("error", () => undefined);
    open.push(client);
    await until(() => blue.upgrades() === 1);
    const closed = new Promise((resolve) => client.once("close", resolve));
    await router.deregister("blue", "blue");
    await closed;
    await until(() => results.length === 1);
    expect(results[0]).to.include({ status: 460, group: "blue" });
    await until(async () => (await blue.connections()) === 0);
  });

  it("reuses connections to its targets", async () => {
    const blue = await target("blue");
    group("blue");
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    await healthy("blue", blue.spec);
    for (let i = 0; i < 50; i += 1) await get("/", { connection: "close" });
    expect(await blue.connections()).to.be.at.most(2);
  });

  it("sends a draining target nothing new, lets it finish, and resolves then", async () => {
    let release = (): void => undefined;
    const old = await target("old", (_request, response) => {
      release = () => response.end("old");
    });
    group("blue");
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    await healthy("blue", old.spec);
    const late = get();
    await until(() => router.describeHealth("blue")[0]?.active === 1);
    await healthy("blue", (await target("new")).spec);
    let drained = false;
    const leaving = router.deregister("blue", "old").then(() => (drained = true));
    expect(router.describeHealth("blue").find(({ id }) => id === "old")?.state).to.equal("draining");
    for (let i = 0; i < 10; i += 1) expect((await get()).body).to.equal("new");
    expect(drained).to.equal(false);
    release();
    expect((await late).body).to.equal("old");
    await leaving;
    expect(router.describeHealth("blue").map(({ id }) => id)).to.deep.equal(["new"]);
  });

  it("closes a WebSocket on a draining target at the end of the delay, not before", async () => {
    group("blue", 30);
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    await healthy("blue", (await target("blue")).spec);
    const client = await socket();
    const leaving = router.deregister("blue", "blue");
    expect(await echo(client)).to.equal("blue hello");
    await Promise.all([leaving, once(client, "close")]);
  });

  it("gives a new target traffic only after a good check, and takes it away after the failed ones", async () => {
    let status = 500;
    const other = await target("other", undefined, () => status);
    const good = await target("good");
    group("blue");
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    router.register("blue", other.spec);
    expect((await get()).status).to.equal(503);
    await healthy("blue", good.spec);
    await until(() => router.describeHealth("blue").some(({ state }) => state === "unhealthy"));
    for (let i = 0; i < 6; i += 1) expect((await get()).body).to.equal("good");
    status = 200;
    await until(() => router.describeHealth("blue").every(({ state }) => state === "healthy"));
    const bodies = new Set<string>();
    for (let i = 0; i < 6; i += 1) bodies.add((await get()).body);
    expect([...bodies].sort()).to.deep.equal(["good", "other"]);
  });

  it("fails open when every target is unhealthy", async () => {
    let status = 200;
    group("blue");
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    await healthy("blue", (await target("blue", undefined, () => status)).spec);
    status = 500;
    await until(() => router.describeHealth("blue")[0]?.state === "unhealthy");
    expect(await get()).to.deep.equal({ status: 200, body: "blue" });
  });

  it("does not let go of a group that a rule names, not even with weight 0", () => {
    group("blue");
    router.addRule({ priority: 7, paths: ["*"], forward: [{ group: "blue", weight: 0 }] });
    expect(() => router.removeGroup("blue")).to.throw("named by the rules 7");
    router.removeRule(7);
    router.removeGroup("blue");
    expect(() => router.describeHealth("blue")).to.throw("no target group blue");
  });

  it("tells the target who asked, and keeps hop-by-hop headers to itself", async () => {
    const blue = await target("blue", (request, response) => {
      response.setHeader("connection", "close");
      response.end(JSON.stringify(request.headers));
    });
    group("blue");
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    await healthy("blue", blue.spec);
    const response = await fetch(router.url, { headers: { "x-forwarded-for": "203.0.113.7" } });
    const seen: unknown = await response.json();
    expect(seen).to.have.property("x-forwarded-for", `203.0.113.7, ${LOCALHOST}`);
    expect(seen).to.have.property("x-forwarded-proto", "http");
    expect(seen)
      .to.have.property("x-amzn-trace-id")
      .that.matches(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(response.headers.get("connection")).to.equal("keep-alive");
  });

  it("streams bodies both ways, and passes answers without a body", async () => {
    const echoing = await target("echo", (request, response) => {
      if (request.method === "HEAD") response.writeHead(200, { "content-length": "7" }).end();
      else if (request.url === "/none") response.writeHead(204).end();
      else request.pipe(response);
    });
    group("blue");
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    await healthy("blue", echoing.spec);
    const body = Buffer.alloc(5_000_000, "0123456789");
    const answer = await fetch(`${router.url}/echo?a=%2F&b`, { method: "POST", body });
    expect(body.equals(Buffer.from(await answer.arrayBuffer()))).to.equal(true);
    const head = await fetch(router.url, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).to.deep.equal([200, "7"]);
    expect((await get("/none")).status).to.equal(204);
  });

  it("answers 504 when a target stays silent for the idle timeout", async () => {
    const short = await startRouter({ idleTimeout: 0.2, time: createTime(60) });
    const silent = await target("silent", () => undefined);
    short.addGroup({ name: "blue", check, deregistrationDelay: 0 });
    short.addRule({ priority: 1, paths: ["*"], forward: [{ group: "blue", weight: 1 }] });
    short.register("blue", silent.spec);
    await until(() => short.describeHealth("blue")[0]?.state === "healthy");
    expect((await fetch(short.url)).status).to.equal(504);
    await short.close();
  });

  it("listens where it is told, and a taken port is an error", async () => {
    const port = await freePort();
    const second = await startRouter({ port, idleTimeout: 60, time: createTime(60) });
    expect(second.url).to.equal(`http://${LOCALHOST}:${port}`);
    const failure = await startRouter({ port, idleTimeout: 60, time: createTime(60) }).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "EADDRINUSE");
    await second.close();
    await second.close();
  });
});
