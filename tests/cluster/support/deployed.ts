/** A form applied where controllers act on it: what its workloads' pods become, and what they are told to become. */
import { z } from "zod";
import { messageOf, type Applicable } from "./api.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { AnyManifest } from "./pods.ts";
import { isActive, type SeenPod } from "./seen-pod.ts";

const quotaSchema = z.object({ status: z.object({ used: z.record(z.string(), z.string()).optional() }).optional() });
const eventsSchema = z.object({ items: z.array(z.object({ reason: z.string(), message: z.string() })) });
const conditionsSchema = z.object({
  status: z
    .object({
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), reason: z.string().optional() }))
        .default([]),
    })
    .default({ conditions: [] }),
});

export class Deployed {
  readonly plane: ControlPlane;
  /** The workloads' own, and those of what stands beside them. */
  readonly #namespaces: ReadonlySet<string>;

  /** Applies everything, once the quota counts. @throws Error with the server's words when it refuses one */
  static async apply(plane: ControlPlane, manifests: readonly AnyManifest[]): Promise<Deployed> {
    const deployed = new Deployed(plane, new Set(manifests.map(({ metadata }) => metadata?.namespace ?? "")));
    for (const each of manifests) {
      if (!(await plane.cluster.api.knows(each))) continue;
      await deployed.put(each);
      // Until its controller has counted, a quota admits no pod.
      if (each.kind === "ResourceQuota") {
        await plane.until("the quota counts", async () => (await deployed.quotaUsed(each)) !== undefined);
      }
    }
    return deployed;
  }

  private constructor(plane: ControlPlane, namespaces: ReadonlySet<string>) {
    this.plane = plane;
    this.#namespaces = namespaces;
  }

  async put(manifest: Applicable): Promise<void> {
    const answer = await this.plane.cluster.api.apply(manifest);
    if (answer.status >= 300)
      throw new Error(`${manifest.kind} ${manifest.metadata?.name ?? ""}: ${messageOf(answer)}`);
  }

  async get(object: Applicable): Promise<unknown> {
    const { api } = this.plane.cluster;
    return api.must("GET", await api.pathOf(object));
  }

  async quotaUsed(quota: Applicable): Promise<Readonly<Record<string, string>> | undefined> {
    return quotaSchema.parse(await this.get(quota)).status?.used;
  }

  /** As a Deployment or a Job reports it: `True ReplicaSetUpdated`. */
  async condition(object: Applicable, type: string): Promise<string | undefined> {
    const found = conditionsSchema.parse(await this.get(object)).status.conditions.find((each) => each.type === type);
    return found && `${found.status} ${found.reason ?? ""}`.trimEnd();
  }

  /** What an autoscaler does. */
  async scale(deployment: Applicable, replicas: number): Promise<void> {
    const { api } = this.plane.cluster;
    const path = `${await api.pathOf(deployment)}/scale`;
    await api.must("PATCH", path, { spec: { replicas } }, "application/merge-patch+json");
  }

  /** Now, whatever its schedule says, as `kubectl create job --from` does. */
  async startByHand(cronJob: Extract<AnyManifest, { kind: "CronJob" }>): Promise<Applicable> {
    const job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: `${cronJob.metadata?.name ?? ""}-by-hand`,
        namespace: cronJob.metadata?.namespace ?? "",
        annotations: { "cronjob.kubernetes.io/instantiate": "manual" },
      },
      spec: cronJob.spec?.jobTemplate.spec,
    };
    await this.put(job);
    return job;
  }

  pods(workload?: string): readonly SeenPod[] {
    const all = this.plane.kubelet.pods().filter(({ namespace }) => this.#namespaces.has(namespace));
    return workload === undefined ? all : all.filter((pod) => pod.workload === workload);
  }

  ready(workload: string): readonly SeenPod[] {
    return this.pods(workload).filter((pod) => pod.ready && isActive(pod));
  }

  /** Exactly so many pods, all of them ready and none on its way out. */
  async settled(counts: Readonly<Record<string, number>>): Promise<void> {
    const unsettled = (): readonly string[] =>
      Object.entries(counts).flatMap(([workload, count]) => {
        const pods = this.pods(workload);
        const ready = this.ready(workload).length;
        if (pods.length === count && ready === count) return [];
        const reasons = pods.flatMap(({ unschedulable }) => unschedulable ?? []);
        return [`${workload}: ${ready} of ${count} ready, ${pods.length} there ${reasons.join("; ")}`];
      });
    await this.plane.until(
      "every workload has its pods",
      () => unsettled().length === 0,
      async () => [...unsettled(), ...(await this.#warnings())],
    );
  }

  /** What controllers complain of, each once. */
  async #warnings(): Promise<readonly string[]> {
    const { api } = this.plane.cluster;
    const { items } = eventsSchema.parse(await api.must("GET", "/api/v1/events?fieldSelector=type%3DWarning"));
    return [...new Set(items.map(({ reason, message }) => `${reason}: ${message}`))];
  }
}
