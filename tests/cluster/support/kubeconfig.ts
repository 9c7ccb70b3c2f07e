/** The kubeconfig file: read for a cluster that is somebody else's, written for what we start beside our own server. */
import { readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { Access, Skipped } from "./api.ts";

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
export async function readKubeconfig(file: string): Promise<Access | Skipped> {
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

const NAME = "cluster-tests";

/** For one server and one administrator's token, readable by us alone. */
export async function writeKubeconfig(file: string, { url, ca = "", token }: Access): Promise<void> {
  const config: z.input<typeof kubeconfigSchema> = {
    "current-context": NAME,
    contexts: [{ name: NAME, context: { cluster: NAME, user: NAME } }],
    clusters: [
      {
        name: NAME,
        cluster: { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") },
      },
    ],
    users: [{ name: NAME, user: { token } }],
  };
  await writeFile(file, stringify({ apiVersion: "v1", kind: "Config", ...config }), { mode: 0o600 });
}
