/** The function that runs a job before a rollout, against an ECS API of ours: what stops a deploy and what does not. */
import { expect } from "chai";
import { startEcsApi, type Asked, type EcsApi } from "./support/ecs-api.ts";

type Handler = (request: object, context: { getRemainingTimeInMillis: () => number }) => Promise<unknown>;
type Answers = Readonly<Record<string, readonly object[]>>;

const ARN = "arn:aws:ecs:us-east-1:123456789012:task/cryptotracker/1";
const REQUEST = { cluster: "cryptotracker", taskDefinition: "cryptotracker-migrations:7", count: 1 };
const PLENTY = { getRemainingTimeInMillis: () => 600_000 };

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
  let api: EcsApi;
  let handler: Handler;
  let answers: Answers = {};
  let asked: Asked[] = [];

  before(async () => {
    api = await startEcsApi((one) => {
      const already = asked.filter((each) => each.action === one.action).length;
      asked.push(one);
      const list = answers[one.action] ?? [{}];
      return { body: list[Math.min(already, list.length - 1)] ?? {} };
    });
    const module = new URL("../../targets/ecs/deploy-before-rollout-handler.mjs", import.meta.url);
    handler = ((await import(module.href)) as { handler: Handler }).handler;
  });

  beforeEach(() => {
    asked = [];
  });

  after(() => api.stop());

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
