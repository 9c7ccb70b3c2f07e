/** A form's own namespace on the server: what admission reads is stored, the rest too where the server is ours alone. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { messageOf, type Answer, type Applicable } from "./api.ts";
import type { Cluster } from "./cluster.ts";

/** Admission of pods refers to these, so a dry run of them would not do. */
const STORED = ["Namespace", "PriorityClass", "LimitRange", "ServiceAccount"];
const GONE_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 200;
const LEVEL = "pod-security.kubernetes.io/enforce";

export class Namespaced {
  readonly #cluster: Cluster;
  readonly #made: Applicable[] = [];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Stores what pods refer to. @throws Error with the server's words when it refuses one */
  async prepare(manifests: readonly Applicable[]): Promise<void> {
    const { api, disposable } = this.#cluster;
    for (const each of manifests.filter(({ kind }) => STORED.includes(kind))) {
      const existed = (await api.send("GET", await api.pathOf(each))).status === 200;
      // Somebody else's stays as it is: a running stack's priority classes have the same names.
      if (existed && !disposable) continue;
      this.#made.push(each);
      accepted(await api.apply(each), each);
    }
    if (!disposable) return;
    for (const each of manifests.filter(({ kind }) => kind === "ResourceQuota")) {
      accepted(await api.apply(each), each);
      accepted(await api.apply(nothingUsed(each), { subresource: "/status" }), each);
    }
  }

  apply(manifest: Applicable): Promise<Answer> {
    return this.#cluster.api.apply(manifest, { dryRun: !this.#cluster.disposable });
  }

  /** Without those whose definitions the server has not. */
  async known<M extends Applicable>(manifests: readonly M[]): Promise<readonly M[]> {
    const known = await Promise.all(manifests.map((each) => this.#cluster.api.knows(each)));
    return manifests.filter((_each, index) => known[index]);
  }

  async levelEnforced(namespace: string): Promise<string | undefined> {
    const { body } = await this.#cluster.api.send("GET", `/api/v1/namespaces/${namespace}`);
    const { metadata } = z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()) }) }).parse(body);
    return metadata.labels[LEVEL];
  }

  /** Of a server that goes on without us, and waits until it is gone: a namespace takes a while. */
  async remove(): Promise<void> {
    const { api, disposable } = this.#cluster;
    if (disposable) return;
    for (const each of this.#made.toReversed()) await api.send("DELETE", await api.pathOf(each));
    const deadline = Date.now() + GONE_MILLISECONDS;
    for (const each of this.#made) {
      while ((await api.send("GET", await api.pathOf(each))).status !== 404) {
        if (Date.now() > deadline) throw new Error(`${each.kind} ${each.metadata?.name ?? ""} is still there`);
        await sleep(POLL_MILLISECONDS);
      }
    }
  }
}

/** Until a controller has counted, a quota admits no pod at all; there is none here, and nothing is used. */
function nothingUsed(quota: Applicable): Applicable {
  const { spec } = z.looseObject({ spec: z.object({ hard: z.record(z.string(), z.string()) }) }).parse(quota);
  const used = Object.fromEntries(Object.keys(spec.hard).map((name) => [name, "0"]));
  const { apiVersion, kind, metadata } = quota;
  return { apiVersion, kind, metadata, status: { hard: spec.hard, used } } as Applicable;
}

function accepted(answer: Answer, { kind, metadata }: Applicable): void {
  if (answer.status >= 300) throw new Error(`${kind} ${metadata?.name ?? ""}: ${messageOf(answer)}`);
}
