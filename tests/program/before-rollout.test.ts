/** The function that runs a job before a rollout, against an ECS API of ours: what stops a deploy and what does not. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";

type Handler = (request: object, context: { getRemainingTimeInMillis: () => number }) => Promise<unknown>;
type Answers = Readonly<Record<string, readonly object[]>>;

const ARN = "arn:aws:ecs:us-east-1:123456789012:task/cryptotracker/1";
const REQUEST = { cluster: "cryptotracker", taskDefinition: "cryptotracker-migrations:7", count: 1 };
const PLENTY = { getRemainingTimeInMillis: () => 600_000 };

/** Where the SDK finds whom to ask and how to sign; nothing here opens any door. */
const ENVIRONMENT = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

const stopped = (exitCode: number) => ({
  tasks: [
    {
      taskArn: ARN,
      lastStatus: "STOPPED",
      stoppedReason: "Essential container exited",
      containers: [{ name: "migrations", exitCode }],
    },
  ],
});

describe("the job before a rollout", function () {
  this.timeout(30_000);
  let server: Server;
  let handler: Handler;
  const kept: Record<string, string | undefined> = {};
  let answers: Answers = {};
  let asked: { action: string; body: Record<string, unknown> }[] = [];

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const action = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
        const already = asked.filter((each) => each.action === action).length;
        asked.push({ action, body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown> });
        const list = answers[action] ?? [{}];
        response.setHeader("content-type", "application/x-amz-json-1.1");
        response.end(JSON.stringify(list[Math.min(already, list.length - 1)]));
      });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    for (const [name, value] of Object.entries({ ...ENVIRONMENT, AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${port}` })) {
      kept[name] = process.env[name];
      process.env[name] = value;
    }
    const module = new URL("../../targets/ecs/deploy-before-rollout-handler.mjs", import.meta.url);
    handler = ((await import(module.href)) as { handler: Handler }).handler;
  });

  beforeEach(() => {
    asked = [];
  });

  after(() => {
    server.close();
    for (const [name, value] of Object.entries(kept)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  it("asks for the task as it was told and ends when the task has ended well", async () => {
    const running = { tasks: [{ taskArn: ARN, lastStatus: "RUNNING" }] };
    answers = { RunTask: [{ tasks: [{ taskArn: ARN }], failures: [] }], DescribeTasks: [running, stopped(0)] };
    expect(await handler(REQUEST, PLENTY)).to.deep.equal({ taskArn: ARN });
    expect(asked[0]).to.deep.include({ action: "RunTask" });
    expect(asked[0]?.body).to.deep.include(REQUEST);
    expect(asked.map(({ action }) => action)).to.deep.equal(["RunTask", "DescribeTasks", "DescribeTasks"]);
  });

  it("fails the deploy when the job fails, with its exit code", async () => {
    answers = { RunTask: [{ tasks: [{ taskArn: ARN }], failures: [] }], DescribeTasks: [stopped(3)] };
    expect(await failure(handler(REQUEST, PLENTY))).to.contain("migrations ended with 3");
  });

  it("fails the deploy when the job does not start, with why", async () => {
    answers = { RunTask: [{ tasks: [], failures: [{ reason: "RESOURCE:MEMORY" }] }] };
    expect(await failure(handler(REQUEST, PLENTY))).to.contain("RESOURCE:MEMORY");
  });

  it("stops a job that takes too long, so that it does not go on behind a failed deploy", async () => {
    const running = { tasks: [{ taskArn: ARN, lastStatus: "RUNNING" }] };
    answers = { RunTask: [{ tasks: [{ taskArn: ARN }], failures: [] }], DescribeTasks: [running] };
    expect(await failure(handler(REQUEST, { getRemainingTimeInMillis: () => 1000 }))).to.contain("took too long");
    expect(asked.at(-1)).to.deep.include({ action: "StopTask" });
  });
});

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("It did not fail.");
}
