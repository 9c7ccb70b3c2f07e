/** Deployments of an EKS cluster, by its own API; who may ask is what the `aws` program signs, as in the kubeconfig. */
import { execFile } from "node:child_process";
import { request } from "node:https";
import { promisify } from "node:util";
import { z } from "zod";
import { StageError } from "../../../stage.ts";
import type { WorkloadState } from "../ports.ts";

const run = promisify(execFile);
const TIMEOUT_MILLISECONDS = 15_000;

const described = z.object({
  cluster: z.object({ endpoint: z.url(), certificateAuthority: z.object({ data: z.string() }) }),
});
const token = z.object({ status: z.object({ token: z.string() }) });
const count = z.int().nonnegative().default(0);
const deployments = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), generation: z.int() }),
      spec: z.object({ replicas: z.int().nonnegative().default(1) }),
      status: z.object({ observedGeneration: count, replicas: count, readyReplicas: count, updatedReplicas: count }),
    }),
  ),
});

export async function deploymentsOf(
  region: string,
  { cluster, namespace }: { readonly cluster: string; readonly namespace: string },
): Promise<readonly WorkloadState[]> {
  const about = described.parse(await aws(["eks", "describe-cluster", "--name", cluster, "--region", region]));
  const { status } = token.parse(await aws(["eks", "get-token", "--cluster-name", cluster, "--region", region]));
  const { endpoint, certificateAuthority } = about.cluster;
  const url = new URL(`/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/deployments`, endpoint);
  return statesIn(await get(url, Buffer.from(certificateAuthority.data, "base64"), status.token));
}

/** Settled is what `kubectl rollout status` waits for. @throws StageError for an answer of another shape */
export function statesIn(answer: unknown): readonly WorkloadState[] {
  const read = deployments.safeParse(answer);
  if (!read.success) throw new StageError("The cluster's API answered something else than a list of Deployments.");
  return read.data.items.map(({ metadata, spec, status }) => ({
    name: metadata.name,
    desired: spec.replicas,
    ready: status.readyReplicas,
    settled:
      status.observedGeneration >= metadata.generation &&
      status.updatedReplicas >= spec.replicas &&
      status.replicas === status.updatedReplicas,
  }));
}

async function aws(args: readonly string[]): Promise<unknown> {
  try {
    const { stdout } = await run("aws", [...args, "--output", "json"], { timeout: TIMEOUT_MILLISECONDS });
    return JSON.parse(stdout);
  } catch (error) {
    // Its output would hold the token.
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n").at(-1) : "";
    throw new StageError(`aws ${args.slice(0, 2).join(" ")} failed: ${said || "is the aws program installed?"}`);
  }
}

function get(url: URL, ca: Buffer, bearer: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${bearer}`, accept: "application/json" };
    const sent = request(url, { ca, headers, timeout: TIMEOUT_MILLISECONDS }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => (text += chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        if (answer.statusCode !== 200) {
          reject(new StageError(`The cluster's API answered ${answer.statusCode}.`));
          return;
        }
        try {
          resolve(JSON.parse(text));
        } catch {
          reject(new StageError("The cluster's API answered no JSON."));
        }
      });
    });
    sent.on("timeout", () => sent.destroy(new StageError("The cluster's API did not answer.")));
    sent.on("error", (error) => reject(new StageError(`The cluster's API cannot be reached: ${error.message}`)));
    sent.end();
  });
}
