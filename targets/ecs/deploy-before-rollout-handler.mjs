/** Runs one task to its end. Throws, so that the deploy stops, when it could not start, failed or took too long. */
import { setTimeout } from "node:timers/promises";
import { DescribeTasksCommand, ECSClient, RunTaskCommand, StopTaskCommand } from "@aws-sdk/client-ecs";

const POLL_MILLISECONDS = 3000;
/** Kept for stopping the task and saying so before this function itself is stopped. */
const RESERVE_MILLISECONDS = 20000;

const ecs = new ECSClient({});

export async function handler(request, { getRemainingTimeInMillis }) {
  const { tasks, failures } = await ecs.send(new RunTaskCommand(request));
  const arn = tasks?.[0]?.taskArn;
  if (!arn) throw new Error(`The task did not start: ${JSON.stringify(failures)}`);
  for (;;) {
    await setTimeout(POLL_MILLISECONDS);
    const task = await describe(request.cluster, arn);
    if (task?.lastStatus === "STOPPED") return outcome(task);
    if (getRemainingTimeInMillis() < RESERVE_MILLISECONDS) {
      await ecs.send(new StopTaskCommand({ cluster: request.cluster, task: arn, reason: "took too long" }));
      throw new Error(`${arn} took too long and was stopped.`);
    }
  }
}

async function describe(cluster, arn) {
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }));
  return tasks?.[0];
}

function outcome({ taskArn, stoppedReason, containers = [] }) {
  const failed = containers.filter(({ exitCode }) => exitCode !== 0);
  if (failed.length === 0) return { taskArn };
  const details = failed.map(({ name, exitCode, reason }) => `${name} ended with ${exitCode ?? reason}`);
  throw new Error(`${taskArn}: ${stoppedReason}; ${details.join(", ")}`);
}
