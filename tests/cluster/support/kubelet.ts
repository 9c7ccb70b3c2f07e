/**
 * What the kubelets of all simulated nodes report: a bound pod runs, becomes ready, ends, or never does; one that is
 * deleted is gone when its containers would be. It keeps what there is of each pod, and tells who asks of each change.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiServer } from "./api.ts";
import { podPath, seen, type SeenPod } from "./seen-pod.ts";
import { Watch } from "./watch.ts";

/** How a pod fares, as far as its kubelet can tell. */
export type Fate = "ready" | "neverReady" | "succeeded" | "failed";

/** Long enough for a start and an end to be events of their own, each in its turn. */
const START_MILLISECONDS = 100;
const END_MILLISECONDS = 200;

export class SimulatedKubelet {
  /** What becomes of a pod that starts from now on. */
  fateOf: (pod: SeenPod) => Fate = ({ restarts }) => (restarts ? "ready" : "succeeded");

  readonly #api: ApiServer;
  readonly #pods = new Map<string, SeenPod>();
  readonly #addresses = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #watch: Watch | undefined;

  static async start(api: ApiServer): Promise<SimulatedKubelet> {
    const kubelet = new SimulatedKubelet(api);
    kubelet.#watch = await Watch.start(api, "/api/v1/pods", (change, object) => kubelet.#report(change, object));
    return kubelet;
  }

  private constructor(api: ApiServer) {
    this.#api = api;
  }

  /** As the server has reported them last. */
  pods(): readonly SeenPod[] {
    return [...this.#pods.values()];
  }

  /** Called after each change of any pod. Returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #report(change: string, object: unknown): void {
    const pod = seen(object);
    if (change === "DELETED") this.#pods.delete(pod.uid);
    else this.#pods.set(pod.uid, pod);
    for (const listener of this.#listeners) listener();
    if (change === "DELETED" || pod.node === undefined) return;
    if (pod.leaving) this.#once(`${pod.uid} end`, () => this.#end(pod));
    else this.#once(`${pod.uid} start`, () => this.#run(pod));
  }

  #once(step: string, act: () => Promise<void>): void {
    if (this.#taken.has(step)) return;
    this.#taken.add(step);
    act().catch((error: unknown) => this.#watch?.fail(error));
  }

  async #run(pod: SeenPod): Promise<void> {
    await sleep(START_MILLISECONDS);
    const fate = this.fateOf(pod);
    if (fate === "ready" || fate === "neverReady") await this.setReady(pod, fate === "ready");
    else await this.#finish(pod, fate);
  }

  /** As its probes would have it. */
  async setReady(pod: SeenPod, ready: boolean): Promise<void> {
    const podIP = this.#addressOf(pod);
    const status = ready ? "True" : "False";
    await this.#patchStatus(pod, {
      phase: "Running",
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: now(),
      conditions: ["Initialized", "ContainersReady", "Ready"].map((type) => ({
        type,
        status: type === "Initialized" ? "True" : status,
        lastTransitionTime: now(),
      })),
      containerStatuses: pod.containers.map((name) => ({
        ...container(name),
        ready,
        started: true,
        state: { running: { startedAt: now() } },
      })),
    });
  }

  /** The same for as long as it lives. */
  #addressOf({ uid }: SeenPod): string {
    const next = this.#addresses.size;
    const address = this.#addresses.get(uid) ?? `10.244.${Math.floor(next / 250)}.${1 + (next % 250)}`;
    this.#addresses.set(uid, address);
    return address;
  }

  async #finish(pod: SeenPod, fate: "succeeded" | "failed"): Promise<void> {
    const failed = fate === "failed";
    const terminated = {
      exitCode: failed ? 1 : 0,
      reason: failed ? "Error" : "Completed",
      startedAt: now(),
      finishedAt: now(),
    };
    await this.#patchStatus(pod, {
      phase: failed ? "Failed" : "Succeeded",
      containerStatuses: pod.containers.map((name) => ({ ...container(name), ready: false, state: { terminated } })),
    });
  }

  /** The last word is the kubelet's: until then, a deleted pod holds what it has of its node. */
  async #end(pod: SeenPod): Promise<void> {
    await sleep(END_MILLISECONDS);
    const options = { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0, preconditions: { uid: pod.uid } };
    await this.#tolerant("DELETE", podPath(pod), options);
  }

  async #patchStatus(pod: SeenPod, status: unknown): Promise<void> {
    // The uid makes it a conflict where a pod of the same name has taken its place.
    const patch = { metadata: { uid: pod.uid }, status };
    await this.#tolerant("PATCH", `${podPath(pod)}/status`, patch, "application/strategic-merge-patch+json");
  }

  /** It may have gone meanwhile, which a kubelet learns from the very answer. */
  async #tolerant(method: string, path: string, body: unknown, contentType?: string): Promise<void> {
    const answer = await this.#api.send(method, path, body, contentType);
    if (answer.status >= 300 && ![404, 409].includes(answer.status)) {
      throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    }
  }

  /** @throws Error when it has not kept up */
  check(): void {
    this.#watch?.check();
  }

  async stop(): Promise<void> {
    await this.#watch?.stop();
  }
}

function container(name: string) {
  return { name, image: "simulated", imageID: "", restartCount: 0 };
}

function now(): string {
  return new Date().toISOString();
}
