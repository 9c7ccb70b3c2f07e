/** Tasks for fixtures: one that keeps every rule, and departures from it. */
import type { Container, TaskDefinition } from "./subjects.ts";

export const DIGEST = `sha256:${"0".repeat(64)}`;

const CONTAINER: Container = {
  name: "api",
  image: `registry.internal/api@${DIGEST}`,
  user: "10001",
  privileged: false,
  readonlyRootFilesystem: true,
  stopTimeout: 30,
  environment: [{ name: "PORT", value: "3001" }],
  logConfiguration: { logDriver: "awslogs" },
  linuxParameters: { capabilities: { drop: ["ALL"] } },
};

const TASK: TaskDefinition = {
  family: "api",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  cpu: "1024",
  memory: "2048",
  taskRoleArn: "arn:aws:iam::123456789012:role/api",
};

export function task(departure: Partial<TaskDefinition> = {}, container: Partial<Container> = {}): TaskDefinition {
  return { ...TASK, containerDefinitions: JSON.stringify([{ ...CONTAINER, ...container }]), ...departure };
}
