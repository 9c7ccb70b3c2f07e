import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Behaviour } from "../../../../platform/model/behaviour.ts";
import { startReplica, type Replica } from "../../../../targets/local/runtime/replica.ts";
import { entryOf, time, web } from "../fixtures/behaviours.ts";
import { isRunning, until } from "../fixtures/until.ts";

const resolvers = { fill: (text: string) => text, secret: () => "s3cret", localUrl: () => "http://127.0.0.1:1" };

describe("targets/local/runtime replica", () => {
  const started: Replica[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((replica) => replica.kill()));
  });

  async function start(behaviour: Behaviour, logFolder?: string): Promise<Replica> {
    const options = { id: `test-${started.length}`, behaviour, time, entryOf, ...resolvers };
    const replica = await startReplica(logFolder === undefined ? options : { ...options, logFolder });
    started.push(replica);
    return replica;
  }
  async function listening(replica: Replica): Promise<Replica> {
    await until(() => replica.logs().some((line) => line.includes("listening")));
    return replica;
  }

  it("runs the image's service with its environment and nothing of ours, on a free port", async () => {
    const replica = await listening(await start(web({ secrets: { TOKEN: { secret: "t", key: "value" } } })));
    expect(replica.port).not.to.equal(3001);
    const answer: unknown = await (await fetch(`http://127.0.0.1:${replica.port ?? 0}/`)).json();
    expect(answer).to.have.property("pid", replica.pid);
    expect(answer)
      .to.have.property("env")
      .that.deep.equals({
        PATH: process.env["PATH"],
        PORT: String(replica.port),
        HOST: "127.0.0.1",
        TOKEN: "s3cret",
      });
  });

  it("ends on SIGTERM by itself, and says so", async () => {
    const replica = await listening(await start(web()));
    expect(await replica.stop()).to.deep.equal({ code: 0, signal: null, killed: false });
    expect(replica.logs().at(-1)).to.include("SIGTERM");
    expect(isRunning(replica.pid)).to.equal(false);
  });

  it("is killed when it is still there after its stop timeout", async () => {
    const replica = await listening(await start(web({ stopTimeout: 1, env: { IGNORE_SIGTERM: "1" } })));
    expect(await replica.stop()).to.deep.equal({ code: null, signal: "SIGKILL", killed: true });
    expect(replica.logs().at(-1)).to.include("SIGTERM");
  });

  it("keeps the log of one that ends by itself, in memory and in a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "replica-test-"));
    const replica = await start(web({ env: { CRASH: "because" } }), folder);
    expect(await replica.exited).to.deep.equal({ code: 3, signal: null, killed: false });
    expect(replica.logs()).to.deep.equal(['{"level":"info","msg":"crash: because"}']);
    expect(await readFile(join(folder, `${replica.id}.log`), "utf8")).to.include("crash: because");
    await rm(folder, { recursive: true });
  });

  it("runs a command in the place of the image's own", async () => {
    const script = "console.log('own command')";
    const replica = await start(web({ command: ["node", "--eval", script], ports: [] }));
    await replica.exited;
    expect(replica.logs()).to.deep.equal(["own command"]);
  });

  it("refuses an image that nothing here is built as", async () => {
    const failure = await start(web({ image: "x/sentiment:1" })).catch((error: unknown) => error);
    expect(String(failure)).to.include("web-service: nothing on this machine is built as x/sentiment:1");
  });
});
