/** How the cluster learns that a pod works, and how it says goodbye. */
import { z } from "zod";
import { resourceRule } from "../framework/rule.ts";
import { inContainer, jobs, lasting, type Container } from "./subjects.ts";

/** @source Kubernetes API reference, PodSpec.terminationGracePeriodSeconds */
const GRACE_SECONDS = 30;

export const podLiveness = resourceRule({
  name: "kubernetes-liveness",
  description: "A container that hangs is noticed and started again.",
  controls: ["Limits Kubernetes"],
  severity: "medium",
  remedy: "Give each container that lasts a livenessProbe.",
  on: lasting,
  *check({ spec }) {
    for (const container of spec.containers ?? []) {
      if (!container.livenessProbe)
        yield { at: inContainer(container, "livenessProbe"), found: undefined, allowed: "a probe" };
    }
  },
});

export const podReadiness = resourceRule({
  name: "kubernetes-readiness",
  description: "A container gets requests only when it is ready for them.",
  controls: ["Limits Kubernetes"],
  severity: "medium",
  remedy: "Give each container that has ports a readinessProbe.",
  on: lasting,
  *check({ spec }) {
    for (const container of spec.containers ?? []) {
      if ((container.ports ?? []).length > 0 && !container.readinessProbe) {
        yield { at: inContainer(container, "readinessProbe"), found: undefined, allowed: "a probe" };
      }
    }
  },
});

export const podFarewell = resourceRule({
  name: "kubernetes-grace-period",
  description: "A pod has the time for its farewell: what it waits before, and what it needs to stop.",
  controls: ["Limits Kubernetes"],
  severity: "medium",
  remedy: "Raise terminationGracePeriodSeconds, or shorten the preStop hook.",
  on: lasting,
  parameters: z.strictObject({
    stopSeconds: z.int().positive().default(10).describe("What a container needs between SIGTERM and its end"),
  }),
  *check({ spec }, { stopSeconds }) {
    const grace = spec.terminationGracePeriodSeconds ?? GRACE_SECONDS;
    for (const container of spec.containers ?? []) {
      const waits = preStopSeconds(container);
      if (grace < waits + stopSeconds) {
        const allowed = `at least ${waits + stopSeconds} s: ${waits} of preStop in ${container.name ?? "?"} and ${stopSeconds} to stop`;
        yield { at: "terminationGracePeriodSeconds", found: `${grace} s`, allowed };
      }
    }
  },
});

/** A hook that sleeps, by its own action or by the command; what another one takes is not to be read. */
function preStopSeconds({ lifecycle }: Container): number {
  const { sleep, exec } = lifecycle?.preStop ?? {};
  const [, command] = /(?:^| )sleep (\d+)/.exec((exec?.command ?? []).join(" ")) ?? [];
  return sleep?.seconds ?? Number(command ?? 0);
}

export const jobDeadline = resourceRule({
  name: "kubernetes-job-deadline",
  description: "A job that never ends is ended.",
  controls: ["Limits Kubernetes"],
  severity: "medium",
  remedy: "Set activeDeadlineSeconds in the job's spec or its pod's.",
  on: { types: jobs.types, view: (props: JobProps) => props },
  *check({ spec }) {
    const job = spec?.jobTemplate?.spec ?? spec;
    const found = job?.activeDeadlineSeconds ?? job?.template?.spec?.activeDeadlineSeconds;
    if (found === undefined) yield { at: "activeDeadlineSeconds", found, allowed: "seconds" };
  },
});

interface JobSpec {
  readonly activeDeadlineSeconds?: number;
  readonly template?: { readonly spec?: { readonly activeDeadlineSeconds?: number } };
}

interface JobProps {
  readonly spec?: JobSpec & { readonly jobTemplate?: { readonly spec?: JobSpec } };
}
