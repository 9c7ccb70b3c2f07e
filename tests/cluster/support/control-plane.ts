/**
 * The real scheduler and the real controllers beside the API server. They act on nodes that exist as objects alone (see
 * nodes.ts) and on pods that a simulated kubelet reports on (see kubelet.ts): what they decide is real, nothing runs.
 */
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Skipped } from "./api.ts";
import { isExecutable, openOwnCluster, type OwnCluster } from "./cluster.ts";
import { SimulatedKubelet } from "./kubelet.ts";
import { SimulatedNodes } from "./nodes.ts";
import { SimulatedVolumes } from "./volumes.ts";

const POLL_MILLISECONDS = 100;

/** Never slower than the controllers on a busy machine: what waits this long will not come. */
const PATIENCE_MILLISECONDS = 90_000;

/** Where the environment may say that they lie elsewhere than beside the API server. */
const BINARIES = {
  "kube-controller-manager": "KUBE_CONTROLLER_MANAGER",
  "kube-scheduler": "KUBE_SCHEDULER",
} as const;

export class ControlPlane {
  readonly cluster: OwnCluster;
  readonly nodes: SimulatedNodes;
  readonly kubelet: SimulatedKubelet;
  readonly #volumes: SimulatedVolumes;

  /** @throws Error when what the environment names does not work: only what is not there is a reason to skip */
  static async open(env: NodeJS.ProcessEnv): Promise<ControlPlane | Skipped> {
    const binaries = await Promise.all(
      Object.entries(BINARIES).map(async ([name, variable]) => {
        const file = env[variable] ?? join(dirname(resolve(env["KUBE_APISERVER"] ?? "")), name);
        return { name, variable, file, found: await isExecutable(file) };
      }),
    );
    const missing = env["KUBE_APISERVER"] ? binaries.find(({ found }) => !found) : undefined;
    if (missing) return { reason: `no ${missing.name} beside kube-apiserver, and ${missing.variable} is not set` };
    const cluster = await openOwnCluster(env);
    if ("reason" in cluster) return cluster;
    try {
      const [manager, scheduler] = binaries;
      if (manager) await cluster.server.start(manager.file, managerArguments(cluster));
      if (scheduler) await cluster.server.start(scheduler.file, schedulerArguments(cluster));
      const kubelet = await SimulatedKubelet.start(cluster.api);
      return new ControlPlane(cluster, kubelet, await SimulatedVolumes.start(cluster.api));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  private constructor(cluster: OwnCluster, kubelet: SimulatedKubelet, volumes: SimulatedVolumes) {
    this.cluster = cluster;
    this.kubelet = kubelet;
    this.nodes = new SimulatedNodes(cluster.api);
    this.#volumes = volumes;
  }

  /** Waits for it, for as long as all processes live. @throws Error that says what was waited for, and what is instead */
  async until(
    what: string,
    holds: () => boolean | Promise<boolean>,
    instead: () => unknown = () => "nothing",
  ): Promise<void> {
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    while (!(await holds())) {
      this.cluster.server.check();
      for (const part of [this.kubelet, this.nodes, this.#volumes]) part.check();
      if (Date.now() > deadline) {
        throw new Error(`${what}: not within ${PATIENCE_MILLISECONDS} ms; there is ${JSON.stringify(await instead())}`);
      }
      await sleep(POLL_MILLISECONDS);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.kubelet.stop(), this.nodes.stop(), this.#volumes.stop()]);
    await this.cluster.stop();
  }
}

/** Neither serves anything, for nobody asks; neither waits to be elected, for there is no second one. */
function common({ server }: OwnCluster): readonly string[] {
  return [
    `--kubeconfig=${server.kubeconfig}`,
    "--leader-elect=false",
    "--secure-port=0",
    // Hundreds of pods come at once, on a server that serves nobody else.
    "--kube-api-qps=500",
    "--kube-api-burst=1000",
  ];
}

function managerArguments(cluster: OwnCluster): readonly string[] {
  return [
    ...common(cluster),
    `--service-account-private-key-file=${cluster.server.serviceAccountKey}`,
    // A heartbeat may be late where the machine is busy; a node that is lost is not what these tests are about.
    "--node-monitor-grace-period=300s",
    "--concurrent-resource-quota-syncs=10",
  ];
}

function schedulerArguments(cluster: OwnCluster): readonly string[] {
  return common(cluster);
}
