/** Target groups: what a load balancer knows of a service. */
import { z } from "zod";
import { resourceRule } from "../framework/rule.ts";
import { targetGroups } from "./subjects.ts";

export const targetAddresses = resourceRule({
  name: "target-group-ip",
  description: "A target group takes addresses: a task's or a pod's own, on whichever target it runs.",
  controls: ["ECS.2"],
  severity: "medium",
  remedy: "Set targetType to ip.",
  on: targetGroups,
  *check({ targetType: found = "instance" }) {
    if (found !== "ip") yield { at: "targetType", found, allowed: "ip" };
  },
});

export const targetDrain = resourceRule({
  name: "target-group-drain",
  description: "Connections have time to end before a target goes.",
  controls: ["Limits, ECS"],
  severity: "medium",
  remedy: "Raise deregistrationDelay.",
  on: targetGroups,
  parameters: z.strictObject({
    leastSeconds: z.int().nonnegative().default(15),
    mostSeconds: z.int().positive().default(600).describe("Beyond it a rollout stands still"),
  }),
  *check({ deregistrationDelay: found = 300 }, { leastSeconds, mostSeconds }) {
    if (found < leastSeconds || found > mostSeconds) {
      yield { at: "deregistrationDelay", found: `${found} s`, allowed: `${leastSeconds} to ${mostSeconds} s` };
    }
  },
});

export const targetHealth = resourceRule({
  name: "target-group-health",
  description: "A target group asks for a service's own health, and faster than its timeout.",
  controls: ["ELB.13"],
  severity: "medium",
  remedy: "Set healthCheck with a shallow path, an interval, and a timeout below it.",
  on: targetGroups,
  *check({ healthCheck, protocol }) {
    if (protocol !== undefined && !protocol.startsWith("HTTP")) return;
    const { enabled = true, path, interval = 30, timeout = 5 } = healthCheck ?? {};
    if (!enabled) yield { at: "healthCheck.enabled", found: false, allowed: "true" };
    if (path === undefined || path === "/") {
      yield { at: "healthCheck.path", found: path, allowed: "a path of its own, such as /health" };
    }
    if (timeout >= interval) {
      yield { at: "healthCheck.timeout", found: `${timeout} s`, allowed: `below the interval of ${interval} s` };
    }
  },
});
