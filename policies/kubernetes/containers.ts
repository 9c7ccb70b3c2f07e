/** The Pod Security Standard "restricted" for containers, their images and what stands in their environment. */
import { looksLikeSecret } from "../../platform/model/secrets.ts";
import { imageProblem, imageRule } from "../framework/image.ts";
import { resourceRule } from "../framework/rule.ts";
import { inContainer, pods } from "./subjects.ts";

/** @source kubernetes.io, "Pod Security Standards", restricted: Capabilities */
const ADDABLE: readonly string[] = ["NET_BIND_SERVICE"];

export const podPrivileged = resourceRule({
  name: "kubernetes-privileged",
  description: "No container has its node's root powers.",
  controls: ["PSS restricted"],
  severity: "critical",
  remedy: "Set securityContext.privileged to false.",
  on: pods,
  *check({ containers }) {
    for (const container of containers) {
      if (container.securityContext?.privileged) {
        yield { at: inContainer(container, "securityContext.privileged"), found: true, allowed: "false" };
      }
    }
  },
});

export const podEscalation = resourceRule({
  name: "kubernetes-privilege-escalation",
  description: "No process gets more rights than the one that started it.",
  controls: ["PSS restricted"],
  severity: "high",
  remedy: "Set securityContext.allowPrivilegeEscalation to false.",
  on: pods,
  *check({ containers }) {
    for (const container of containers) {
      const found = container.securityContext?.allowPrivilegeEscalation;
      if (found !== false) {
        yield { at: inContainer(container, "securityContext.allowPrivilegeEscalation"), found, allowed: "false" };
      }
    }
  },
});

export const podUser = resourceRule({
  name: "kubernetes-non-root",
  description: "A container does not run as root.",
  controls: ["PSS restricted"],
  severity: "high",
  remedy: "Set runAsNonRoot to true and runAsUser to an id other than 0.",
  on: pods,
  *check({ spec, containers }) {
    for (const container of containers) {
      const context = { ...spec.securityContext, ...container.securityContext };
      const at = (field: string): string => inContainer(container, `securityContext.${field}`);
      if (!context.runAsNonRoot) yield { at: at("runAsNonRoot"), found: context.runAsNonRoot, allowed: "true" };
      if (context.runAsUser === 0) yield { at: at("runAsUser"), found: 0, allowed: "an id other than 0" };
    }
  },
});

export const podCapabilities = resourceRule({
  name: "kubernetes-capabilities",
  description: "A container gives up its Linux capabilities.",
  controls: ["PSS restricted"],
  severity: "high",
  remedy: "Set securityContext.capabilities.drop to [ALL].",
  on: pods,
  *check({ containers }) {
    for (const container of containers) {
      const { drop = [], add = [] } = container.securityContext?.capabilities ?? {};
      const at = inContainer(container, "securityContext.capabilities");
      if (!drop.includes("ALL"))
        yield { at, found: drop.length > 0 ? `drop ${drop.join(" ")}` : undefined, allowed: "drop ALL" };
      const extra = add.filter((each) => !ADDABLE.includes(each));
      if (extra.length > 0)
        yield { at, found: `add ${extra.join(" ")}`, allowed: `add ${ADDABLE.join(" ")} or nothing` };
    }
  },
});

export const podRoot = resourceRule({
  name: "kubernetes-read-only-root",
  description: "A container's own file system is read-only.",
  controls: ["ECS.5"],
  severity: "medium",
  remedy: "Set readOnlyRootFilesystem to true and mount an emptyDir where it writes.",
  on: pods,
  *check({ containers }) {
    for (const container of containers) {
      const found = container.securityContext?.readOnlyRootFilesystem;
      if (!found)
        yield { at: inContainer(container, "securityContext.readOnlyRootFilesystem"), found, allowed: "true" };
    }
  },
});

export const podImage = resourceRule({
  ...imageRule,
  name: "kubernetes-image",
  controls: ["Limits Kubernetes"],
  on: pods,
  *check({ containers }, wanted) {
    for (const container of containers) {
      const problem = imageProblem(container.image, wanted);
      if (problem) yield { at: inContainer(container, "image"), found: container.image, allowed: problem };
    }
  },
});

export const podCredentials = resourceRule({
  name: "kubernetes-credentials",
  description: "No credentials stand in a container's plain environment.",
  controls: ["ECS.8"],
  severity: "critical",
  remedy: "Keep it in a Secret and refer to it by secretKeyRef.",
  on: pods,
  *check({ containers }) {
    for (const container of containers) {
      for (const { name = "", value = "" } of container.env ?? []) {
        // The name only: a message ends in logs.
        if (looksLikeSecret(name, value)) {
          yield { at: inContainer(container, "env"), found: `${name} with a plain value`, allowed: "a secretKeyRef" };
        }
      }
    }
  },
});
