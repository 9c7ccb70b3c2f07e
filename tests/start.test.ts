/** The whole platform as a person starts it: real stores, every service, one port; a coin's price becomes a mail. */
import { spawnSync, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import WebSocket from "ws";
import { z } from "zod";
import { type Running, startPlatform, type Started, whenRunning } from "./support/platform.ts";
import { isRunning, until } from "./targets/local/fixtures/until.ts";

/** Its children, of those whose command line has that in it. */
function childrenOf({ pid = 0 }: ChildProcess, command = ""): readonly number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "ppid=,pid=,args="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [, parent, child, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === pid && args.includes(command) ? [Number(child)] : [];
  });
}

const system = z.object({
  sides: z.tuple([
    z.object({
      target: z.literal("eks"),
      weight: z.literal(100),
      services: z.array(z.object({ name: z.string(), wanted: z.literal(1), ready: z.literal(1) })),
    }),
  ]),
});
const tokens = z.object({ accessToken: z.string() });
const prices = z.object({ prices: z.array(z.object({ product: z.string(), price: z.string() })) });
const update = z.object({ type: z.literal("price"), product: z.literal("BTC-USD"), tradeId: z.number() });
const alert = z.object({ type: z.literal("alert"), subject: z.literal("BTC-USD"), id: z.string() });
const mails = z.object({
  items: z.array(z.object({ to: z.array(z.string()), subject: z.string(), text: z.string() })),
});

describe("start", function () {
  this.timeout(300_000);

  describe("eks", () => {
    let child: Started;
    let at: Running;
    let log = "";
    const account = { email: `${randomUUID()}@example.org`, password: "violets under a broken lamp" };
    let token = "";
    /** @returns what it answered, of the status that is wanted; with a body it is a POST */
    const ask = async (wanted: number, path: string, sent?: unknown): Promise<unknown> => {
      const response = await fetch(`${at.url}${path}`, {
        ...(sent === undefined ? {} : { method: "POST", body: JSON.stringify(sent) }),
        headers: {
          ...{ "content-type": "application/json", "idempotency-key": randomUUID() },
          ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
        },
      });
      const body = await response.text();
      expect(response.status, body).to.equal(wanted);
      return body === "" ? undefined : JSON.parse(body);
    };

    before(async () => {
      child = startPlatform("--form", "eks", "--port", "0", "--json");
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => (log += chunk));
      at = await whenRunning(child).catch((error: unknown) => {
        throw new Error(`It did not come up.\n${log}`, { cause: error });
      });
    });
    after(() => child.kill("SIGKILL"));

    it("runs every service that has a source here, and says so", async () => {
      const { sides } = system.parse(await ask(200, "/system.json"));
      expect(sides[0].services.map(({ name }) => name)).to.have.members(at.services);
      expect(at.services).to.include.members(["api-service", "auth-service", "websocket-service", "alert-service"]);
      for (const name of at.services) expect(log).to.match(new RegExp(String.raw`\] ${name} +ready$`, "m"));
    });

    it("tells the web app where everything is, on the same port", async () => {
      expect(await ask(200, "/config.json")).to.deep.equal({ api: "/api/v1", auth: "/auth/v1", stream: "/ws" });
      const page = await fetch(`${at.url}/coins/BTC-USD`);
      expect([page.status, page.headers.get("content-type")]).to.deep.equal([200, "text/html; charset=utf-8"]);
    });

    it("has prices that move, for whoever asks", async () => {
      await until(async () => prices.parse(await ask(200, "/api/v1/prices")).prices.length > 0);
      const socket = new WebSocket(at.ws);
      await once(socket, "open");
      socket.send(JSON.stringify({ type: "subscribe", products: ["BTC-USD"] }));
      await frame(socket, update);
      socket.close();
    });

    it("signs up and in, and tells an alert on the socket and by mail", async () => {
      await ask(202, "/auth/v1/sign-up", account);
      token = tokens.parse(await ask(200, "/auth/v1/sign-in", account)).accessToken;
      const socket = new WebSocket(at.ws);
      await once(socket, "open");
      socket.send(JSON.stringify({ type: "auth", token }));
      socket.send(JSON.stringify({ type: "subscribe", channel: "alerts" }));
      await frame(socket, z.object({ type: z.literal("subscribed"), channel: z.literal("alerts") }));
      const told = frame(socket, alert);
      // True of every trade, the next one included.
      const rule = { kind: "price", subject: "BTC-USD", direction: "above", threshold: "1" };
      await ask(201, "/api/v1/alert-rules", rule);
      await told;
      socket.close();
      const mine = async () =>
        mails.parse(await ask(200, "/dev/mails")).items.filter(({ to }) => to.includes(account.email));
      await until(async () => (await mine()).length > 0);
      const [mail] = await mine();
      expect(mail?.subject).to.include("BTC-USD");
      expect(mail?.text).to.include(`${at.url}/api/v1/unsubscribe/`);
    });

    it("restarts a service that dies, and shows it", async () => {
      const [pid] = childrenOf(child, "services/alert/main.ts");
      expect(pid).to.be.a("number");
      process.kill(pid ?? 0, "SIGKILL");
      await until(() => /\] alert-service +down, restarted once$/m.test(log));
      await until(() => /\] alert-service +ready, restarted once$/m.test(log));
    });

    it("refuses a port that is taken, before anything is started", async () => {
      const second = startPlatform("--port", new URL(at.url).port);
      const [stdout, stderr] = await Promise.all([text(second.stdout), text(second.stderr)]);
      if (second.exitCode === null) await once(second, "exit");
      expect(second.exitCode, stderr).to.equal(2);
      expect(stdout).to.equal("");
      expect(stderr)
        .to.match(/^Port \d+: something else listens there\. Name another one with --port\.$/m)
        .and.to.not.include("Postgres");
    });

    it("ends with 0 on Ctrl-C, twice at once as npm hands it on, and leaves nothing running", async () => {
      const children = childrenOf(child);
      expect(children.length).to.be.at.least(at.services.length + 3);
      const exited = once(child, "exit");
      child.kill("SIGINT");
      child.kill("SIGINT");
      const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null];
      expect([code, signal], log.slice(-2000)).to.deep.equal([0, null]);
      await until(() => !children.some(isRunning));
      const gone: unknown = await fetch(at.url).catch((error: unknown) => error);
      expect(gone).to.be.an("error");
    });
  });

  it("ends with 0 on Ctrl-C while things come up, and leaves nothing running", async () => {
    const child = startPlatform("--port", "0");
    let log = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (log += chunk));
    await until(() => log.includes("migrations runs before the rollout"));
    const children = childrenOf(child);
    expect(children.length).to.be.at.least(3);
    const exited = once(child, "exit");
    child.kill("SIGINT");
    expect((await exited)[0], log).to.equal(0);
    await until(() => !children.some(isRunning));
  });

  const refused: readonly [args: readonly string[], sentence: RegExp][] = [
    [["--form", "nomad"], /Allowed choices are ecs, eks, kubernetes/],
    [["--port", "http"], /A port is a number from 0 to 65535/],
    [["--port", "65536"], /A port is a number from 0 to 65535/],
    [["--stack", "staging"], /"staging"; allowed: one of dev, prod/],
  ];
  for (const [args, sentence] of refused)
    it(`${args.join(" ")} ends 2 with a sentence`, async () => {
      const child = startPlatform(...args);
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      if (child.exitCode === null) await once(child, "exit");
      expect([child.exitCode, stdout]).to.deep.equal([2, ""]);
      expect(stderr)
        .to.match(sentence)
        .and.to.not.match(/^\s+at /m);
    });
});

/** The next frame of that form; others in between are of no interest. */
async function frame<T>(socket: WebSocket, form: z.ZodType<T>): Promise<T> {
  const found = Promise.withResolvers<T>();
  const look = (data: Buffer): void => {
    const parsed = form.safeParse(JSON.parse(data.toString("utf8")));
    if (parsed.success) found.resolve(parsed.data);
  };
  socket.on("message", look);
  socket.once("close", () => found.reject(new Error("the socket closed")));
  try {
    return await found.promise;
  } finally {
    socket.off("message", look);
  }
}
