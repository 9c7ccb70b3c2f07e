/**
 * The API server that the tests talk to: one of their own where KUBE_APISERVER names a binary, else the one that
 * KUBECONFIG's current context points at, where only the namespace and what admission reads of it is really made.
 */
import { access, constants } from "node:fs/promises";
import { resolve } from "node:path";
import { ApiServer, type Skipped } from "./api.ts";
import { installDefinitions } from "./definitions.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { startServer, type RunningServer } from "./server.ts";

export interface Cluster {
  readonly api: ApiServer;
  /** True when it is ours alone, so that everything may be stored. */
  readonly disposable: boolean;
  /** Custom resource definitions that can't be had, and why. */
  readonly missing: readonly string[];
  stop(): Promise<void>;
}

export interface OwnCluster extends Cluster {
  readonly server: RunningServer;
}

const HOW_TO_BUILD = "tests/cluster/support/build-kubernetes.sh builds it (about 10 minutes, once)";

/** @throws Error when what the environment names does not work: only what is not there is a reason to skip */
export async function openCluster(env: NodeJS.ProcessEnv): Promise<Cluster | Skipped> {
  if (env["KUBE_APISERVER"]) return openOwnCluster(env);
  const kubeconfig = env["KUBECONFIG"];
  if (!kubeconfig) return { reason: `neither KUBE_APISERVER nor KUBECONFIG is set; ${HOW_TO_BUILD}` };
  const found = await readKubeconfig(kubeconfig);
  if ("reason" in found) return found;
  return { api: new ApiServer(found), disposable: false, missing: [], stop: () => Promise.resolve() };
}

/** An API server that nobody else uses, with the operators' definitions. */
export async function openOwnCluster(env: NodeJS.ProcessEnv): Promise<OwnCluster | Skipped> {
  const binary = env["KUBE_APISERVER"];
  if (!binary) return { reason: `KUBE_APISERVER, the path of a kube-apiserver, is not set; ${HOW_TO_BUILD}` };
  await access(binary, constants.X_OK);
  if (!(await onPath("etcd", env["PATH"] ?? ""))) return { reason: "etcd is not on PATH (Debian: etcd-server)" };
  const server = await startServer(resolve(binary));
  const stop = (): Promise<void> => server.stop();
  try {
    return { server, api: server.api, disposable: true, missing: await installDefinitions(server.api), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function onPath(tool: string, path: string): Promise<boolean> {
  return (await Promise.all(path.split(":").map((folder) => isExecutable(`${folder}/${tool}`)))).includes(true);
}

export function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
