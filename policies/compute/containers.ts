/** The containers of an ECS task. */
import { z } from "zod";
import { looksLikeSecret } from "../../platform/model/secrets.ts";
import { imageProblem, imageRule } from "../framework/image.ts";
import { resourceRule } from "../framework/rule.ts";
import { memoryMiB } from "./sizes.ts";
import { inContainer, tasks } from "./subjects.ts";

export const containerPrivileged = resourceRule({
  name: "ecs-container-privileged",
  description: "No container has the host's root powers.",
  controls: ["ECS.4"],
  severity: "critical",
  remedy: "Set privileged to false.",
  on: tasks,
  *check({ containers }) {
    for (const container of containers) {
      if (container.privileged) yield { at: inContainer(container, "privileged"), found: true, allowed: "false" };
    }
  },
});

export const containerRoot = resourceRule({
  name: "ecs-container-read-only-root",
  description: "A container's own file system is read-only.",
  controls: ["ECS.5"],
  severity: "high",
  remedy: "Set readonlyRootFilesystem to true and mount a tmpfs where it writes.",
  on: tasks,
  *check({ containers }) {
    for (const container of containers) {
      const found = container.readonlyRootFilesystem;
      if (!found) yield { at: inContainer(container, "readonlyRootFilesystem"), found, allowed: "true" };
    }
  },
});

export const containerUser = resourceRule({
  name: "ecs-container-user",
  description: "A container says which user it runs as, and it is not root.",
  controls: ["ECS.20"],
  severity: "high",
  remedy: "Set user to an id other than 0, such as 10001.",
  on: tasks,
  *check({ containers }) {
    for (const container of containers) {
      const [user] = (container.user ?? "").split(":");
      if (user === "" || user === "0" || user === "root") {
        yield { at: inContainer(container, "user"), found: container.user, allowed: "a user other than root" };
      }
    }
  },
});

export const containerCapabilities = resourceRule({
  name: "ecs-container-capabilities",
  description: "A container gives up the Linux capabilities that it does not need, and takes no more.",
  controls: ["ECS.4"],
  severity: "medium",
  remedy: "Set linuxParameters.capabilities to drop ALL.",
  on: tasks,
  parameters: z.strictObject({
    allowed: z.array(z.string()).default([]).describe("Capabilities that may be added"),
  }),
  *check({ containers }, { allowed }) {
    for (const container of containers) {
      const { drop = [], add = [] } = container.linuxParameters?.capabilities ?? {};
      const at = inContainer(container, "linuxParameters.capabilities");
      if (!drop.includes("ALL"))
        yield { at, found: drop.length > 0 ? `drop ${drop.join(" ")}` : undefined, allowed: "drop ALL" };
      const extra = add.filter((each) => !allowed.includes(each));
      if (extra.length > 0)
        yield { at, found: `add ${extra.join(" ")}`, allowed: `add ${allowed.join(" ") || "nothing"}` };
    }
  },
});

export const containerLogs = resourceRule({
  name: "ecs-container-logs",
  description: "A container's logs go somewhere.",
  controls: ["ECS.9"],
  severity: "high",
  remedy: "Give it a logConfiguration, for instance awslogs with a group.",
  on: tasks,
  *check({ containers }) {
    for (const container of containers) {
      const found = container.logConfiguration?.logDriver;
      if (found === undefined) {
        yield { at: inContainer(container, "logConfiguration.logDriver"), found, allowed: "a log driver" };
      }
    }
  },
});

export const containerCredentials = resourceRule({
  name: "ecs-container-credentials",
  description: "No credentials stand in a container's plain environment.",
  controls: ["ECS.8"],
  severity: "critical",
  remedy: "Keep it in Secrets Manager and refer to it in secrets.",
  on: tasks,
  *check({ containers }) {
    for (const container of containers) {
      for (const { name = "", value = "" } of container.environment ?? []) {
        // The name only: a message ends in logs.
        if (looksLikeSecret(name, value)) {
          yield {
            at: inContainer(container, "environment"),
            found: `${name} with a plain value`,
            allowed: "a reference in secrets",
          };
        }
      }
    }
  },
});

export const containerImage = resourceRule({
  ...imageRule,
  name: "ecs-container-image",
  controls: ["Limits ECS"],
  on: tasks,
  *check({ containers }, wanted) {
    for (const container of containers) {
      const problem = imageProblem(container.image, wanted);
      if (problem) yield { at: inContainer(container, "image"), found: container.image, allowed: problem };
    }
  },
});

export const containerMemory = resourceRule({
  name: "ecs-container-memory",
  description: "Memory has a ceiling, the task's or each container's own: one that leaks takes no neighbour with it.",
  controls: ["Limits ECS"],
  severity: "high",
  remedy: "Set memory for the task, or for each of its containers.",
  on: tasks,
  *check({ definition, containers }) {
    if (memoryMiB(definition.memory) > 0) return;
    for (const container of containers) {
      if (container.memory === undefined)
        yield { at: inContainer(container, "memory"), found: undefined, allowed: "MiB" };
    }
  },
});
