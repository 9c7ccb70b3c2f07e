/** The operators' custom resource definitions, read at test time from the Go modules that publish them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { z } from "zod";
import { runTool } from "../../../targets/local/processes/child.ts";
import { messageOf, type ApiServer, type Applicable } from "./api.ts";

interface Source {
  /** `module@version`: what `go mod download` takes. */
  readonly module: string;
  /** Inside the module; each holds one definition or several among other documents. */
  readonly files: readonly string[];
  /** `<plural>.<group>` of those that we use. */
  readonly names: readonly string[];
}

const SOURCES: readonly Source[] = [
  {
    module: "github.com/external-secrets/external-secrets@v0.20.4",
    files: [
      "config/crds/bases/external-secrets.io_externalsecrets.yaml",
      "config/crds/bases/external-secrets.io_secretstores.yaml",
    ],
    names: ["externalsecrets.external-secrets.io", "secretstores.external-secrets.io"],
  },
  {
    module: "github.com/kedacore/keda/v2@v2.18.1",
    files: ["scaledjobs", "scaledobjects", "triggerauthentications"].map(
      (plural) => `config/crd/bases/keda.sh_${plural}.yaml`,
    ),
    names: ["scaledjobs.keda.sh", "scaledobjects.keda.sh", "triggerauthentications.keda.sh"],
  },
  {
    module: "github.com/aws/amazon-vpc-resource-controller-k8s@v1.7.1",
    files: ["config/crd/bases/vpcresources.k8s.aws_securitygrouppolicies.yaml"],
    names: ["securitygrouppolicies.vpcresources.k8s.aws"],
  },
  {
    // The controller's own module could not be had (v2.14.1, main); kOps installs the controller, with these.
    module: "k8s.io/kops@v1.31.0",
    files: ["upup/models/cloudup/resources/addons/aws-load-balancer-controller.addons.k8s.io/k8s-1.19.yaml.template"],
    names: ["targetgroupbindings.elbv2.k8s.aws"],
  },
];

const DOWNLOAD_MILLISECONDS = 120_000;
const ESTABLISHED_MILLISECONDS = 20_000;
const POLL_MILLISECONDS = 100;

const definition = z.looseObject({
  apiVersion: z.string(),
  kind: z.literal("CustomResourceDefinition"),
  metadata: z.looseObject({ name: z.string() }),
});

/** Applies all that can be had. Returns why the others can't, a line for each module. */
export async function installDefinitions(api: ApiServer): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const source of SOURCES) {
    const folder = await download(source.module);
    if (typeof folder !== "string") missing.push(`${source.names.join(", ")}: ${folder.reason}`);
    else for (const each of await definitionsIn(folder, source)) await establish(api, each);
  }
  api.forget();
  return missing;
}

async function download(module: string): Promise<string | { readonly reason: string }> {
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
  try {
    const args = ["mod", "download", "-json", module];
    const { lines } = await runTool({ command: "go", args, env }, AbortSignal.timeout(DOWNLOAD_MILLISECONDS));
    // Progress lines stand around the answer.
    const answer: unknown = JSON.parse(lines.slice(lines.indexOf("{"), lines.indexOf("}") + 1).join("\n"));
    const { Dir, Error } = z.object({ Dir: z.string().optional(), Error: z.string().optional() }).parse(answer);
    return Dir ?? { reason: Error ?? `${module} has no folder` };
  } catch (error) {
    return { reason: `go mod download ${module}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A template's other documents may be no YAML, so only the wanted ones are parsed. */
async function definitionsIn(folder: string, { files, names, module }: Source): Promise<readonly Applicable[]> {
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  const documents = texts.flatMap((text) => text.split(/^---$/m));
  return names.map((name) => {
    const text = documents.find(
      (each) => /^kind: CustomResourceDefinition$/m.test(each) && each.includes(`\n  name: ${name}\n`),
    );
    if (text === undefined) throw new Error(`${module} has no ${name}`);
    return definition.parse(parse(text));
  });
}

const conditions = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish() }),
});

async function establish(api: ApiServer, object: Applicable): Promise<void> {
  const answer = await api.apply(object);
  if (answer.status >= 300) throw new Error(messageOf(answer));
  const name = object.metadata?.name ?? "";
  const deadline = Date.now() + ESTABLISHED_MILLISECONDS;
  while (Date.now() < deadline) {
    const { body } = await api.send("GET", `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`);
    const { status } = conditions.parse(body);
    if (status.conditions?.some((each) => each.type === "Established" && each.status === "True")) return;
    await sleep(POLL_MILLISECONDS);
  }
  throw new Error(`${name} was not established after ${ESTABLISHED_MILLISECONDS} ms`);
}
