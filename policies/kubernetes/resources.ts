/** What a container asks for and where that ends. */
import { resourceRule } from "../framework/rule.ts";
import { inContainer, pods, type Container } from "./subjects.ts";

const GPU = "nvidia.com/gpu";

type Kind = "requests" | "limits";

function amount({ resources }: Container, kind: Kind, resource: string): string | undefined {
  return resources?.[kind]?.[resource];
}

export const podCpu = resourceRule({
  name: "kubernetes-cpu-request",
  description: "A container says how much CPU it needs: the scheduler and the autoscaler reckon with it.",
  controls: ["Limits Kubernetes"],
  severity: "high",
  remedy: "Set resources.requests.cpu.",
  on: pods,
  *check({ containers }) {
    for (const container of containers) {
      // Kubernetes takes a limit for the request where there is none.
      if (amount(container, "requests", "cpu") === undefined && amount(container, "limits", "cpu") === undefined) {
        yield { at: inContainer(container, "resources.requests.cpu"), found: undefined, allowed: "an amount, 500m" };
      }
    }
  },
});

export const podMemory = resourceRule({
  name: "kubernetes-memory-limit",
  description: "A container's memory ends where its request does: what it may use is what is kept for it.",
  controls: ["Limits Kubernetes"],
  severity: "high",
  remedy: "Set resources.limits.memory, and requests.memory to the same amount.",
  on: pods,
  *check({ containers }) {
    for (const container of containers) {
      const limit = amount(container, "limits", "memory");
      const request = amount(container, "requests", "memory") ?? limit;
      if (limit === undefined) {
        yield { at: inContainer(container, "resources.limits.memory"), found: undefined, allowed: "an amount, 512Mi" };
      } else if (request !== limit) {
        yield {
          at: inContainer(container, "resources.requests.memory"),
          found: request,
          allowed: `the limit, ${limit}`,
        };
      }
    }
  },
});

export const podDisk = resourceRule({
  name: "kubernetes-ephemeral-storage",
  description: "A container's share of its node's disk has an end.",
  controls: ["Limits Kubernetes"],
  severity: "medium",
  remedy: "Set resources.limits.ephemeral-storage.",
  on: pods,
  *check({ containers }) {
    for (const container of containers) {
      if (amount(container, "limits", "ephemeral-storage") === undefined) {
        const at = inContainer(container, "resources.limits.ephemeral-storage");
        yield { at, found: undefined, allowed: "an amount, 2Gi" };
      }
    }
  },
});

export const podGpu = resourceRule({
  name: "kubernetes-gpu",
  description: "A GPU is asked for whole, as a limit, by a pod that may go where GPUs are.",
  controls: ["Limits Kubernetes"],
  severity: "high",
  remedy: "Set the same whole number as request and limit, and tolerate the taint of the GPU nodes.",
  on: pods,
  *check({ spec, containers }) {
    for (const container of containers) {
      const limit = amount(container, "limits", GPU);
      const request = amount(container, "requests", GPU) ?? limit;
      if (limit !== request) {
        const at = inContainer(container, `resources.limits.${GPU}`);
        yield { at, found: limit, allowed: `the request, ${request ?? "nothing"}` };
      }
    }
    const wanting = containers.some((container) => Number(amount(container, "limits", GPU) ?? 0) > 0);
    const tolerated = (spec.tolerations ?? []).some(
      ({ key, operator }) => key === GPU || (key === undefined && operator === "Exists"),
    );
    if (wanting && !tolerated) yield { at: "tolerations", found: undefined, allowed: `a toleration of ${GPU}` };
  },
});

export const podGpuNodes = resourceRule({
  name: "kubernetes-gpu-nodes-kept",
  description: "A pod that needs no GPU does not take a place on a node that has one.",
  controls: ["Limits Kubernetes"],
  severity: "medium",
  remedy: "Remove the toleration.",
  on: pods,
  *check({ spec, containers }) {
    if (containers.some((container) => Number(amount(container, "limits", GPU) ?? 0) > 0)) return;
    for (const { key, operator } of spec.tolerations ?? []) {
      // Without a key it tolerates every taint.
      const everything = key === undefined && operator === "Exists";
      if (key === GPU || everything)
        yield { at: "tolerations", found: key ?? "every taint", allowed: "none without a GPU" };
    }
  },
});
