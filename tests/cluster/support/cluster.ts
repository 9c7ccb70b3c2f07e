/**
 * The API server that the tests talk to: one of their own where KUBE_APISERVER names a binary, else the one that
 * KUBECONFIG's current context points at, where only the namespace and what admission reads of it is really made.
 */
import { access, constants, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ApiServer, type Access } from "./api.ts";
import { installDefinitions } from "./definitions.ts";
import { startServer } from "./server.ts";

export interface Cluster {
  readonly api: ApiServer;
  /** True when it is ours alone, so that everything may be stored. */
  readonly disposable: boolean;
  /** Custom resource definitions that can't be had, and why. */
  readonly missing: readonly string[];
  stop(): Promise<void>;
}

export interface Skipped {
  readonly reason: string;
}

/** @throws Error when what the environment names does not work: only what is not there is a reason to skip */
export async function openCluster(env: NodeJS.ProcessEnv): Promise<Cluster | Skipped> {
  const binary = env["KUBE_APISERVER"];
  if (binary) {
    await access(binary, constants.X_OK);
    if (!(await onPath("etcd", env["PATH"] ?? ""))) return { reason: "etcd is not on PATH (Debian: etcd-server)" };
    const server = await startServer(resolve(binary));
    try {
      return { ...server, disposable: true, missing: await installDefinitions(server.api) };
    } catch (error) {
      await server.stop();
      throw error;
    }
  }
  const kubeconfig = env["KUBECONFIG"];
  if (!kubeconfig) {
    return {
      reason:
        "neither KUBE_APISERVER nor KUBECONFIG is set; tests/cluster/support/build-kube-apiserver.sh builds one (8 minutes, once)",
    };
  }
  const found = await accessOf(kubeconfig);
  if ("reason" in found) return found;
  return { api: new ApiServer(found), disposable: false, missing: [], stop: () => Promise.resolve() };
}

async function onPath(tool: string, path: string): Promise<boolean> {
  const tries = path.split(":").map((folder) =>
    access(`${folder}/${tool}`, constants.X_OK).then(
      () => true,
      () => false,
    ),
  );
  return (await Promise.all(tries)).includes(true);
}

const text = z.string().optional();
const kubeconfigSchema = z.object({
  "current-context": z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) })),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({
        server: z.url(),
        "certificate-authority": text,
        "certificate-authority-data": text,
      }),
    }),
  ),
  users: z.array(
    z.object({
      name: z.string(),
      user: z.object({
        token: text,
        "client-certificate": text,
        "client-certificate-data": text,
        "client-key": text,
        "client-key-data": text,
      }),
    }),
  ),
});

/** Tokens and client certificates; a user that needs a program for its credentials is a reason to skip. */
async function accessOf(file: string): Promise<Access | Skipped> {
  const config = kubeconfigSchema.parse(parse(await readFile(file, "utf8")));
  const context = config.contexts.find(({ name }) => name === config["current-context"])?.context;
  const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config.users.find(({ name }) => name === context?.user)?.user;
  if (!cluster || !user) return { reason: "KUBECONFIG's current context names no cluster or no user of it" };
  const content = async (data: string | undefined, path: string | undefined): Promise<string | undefined> => {
    if (data !== undefined) return Buffer.from(data, "base64").toString();
    return path === undefined ? undefined : readFile(resolve(dirname(file), path), "utf8");
  };
  const cert = await content(user["client-certificate-data"], user["client-certificate"]);
  const key = await content(user["client-key-data"], user["client-key"]);
  if (user.token === undefined && (cert === undefined || key === undefined)) {
    return { reason: "KUBECONFIG's user has neither a token nor a client certificate" };
  }
  return {
    url: cluster.server.replace(/\/$/, ""),
    ca: await content(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    token: user.token,
    cert,
    key,
  };
}
