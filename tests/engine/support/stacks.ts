/** Further stacks beside the one that a project was made for: their settings, their runs, what the engine did in them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Cloud, type Thing } from "./cloud.ts";
import type { Outcome, Project } from "./project.ts";

type Config = Readonly<Record<string, unknown>>;

/** What the engine did with a resource, `create`, `same`, `delete-replaced`. */
export interface Operation {
  readonly urn: string;
  readonly op: string;
}

const LOG = "events.json";

/** Sets a stack up, or to something else. What encrypts its secrets stays. */
export async function configure({ folder, pulumi }: Project, stack: string, config: Config): Promise<void> {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const before = existsSync(file) ? (parse(readFileSync(file, "utf8")) as Config) : undefined;
  writeFileSync(file, stringify({ ...before, config }));
  if (before) return;
  const { code, output } = await pulumi(["stack", "init", stack]);
  if (code !== 0) throw new Error(output);
}

/** One run of the engine, and everything that it did, in order. */
export async function logged(
  { folder, pulumi }: Project,
  args: readonly string[],
): Promise<Outcome & { readonly operations: readonly Operation[] }> {
  const file = join(folder, LOG);
  writeFileSync(file, "");
  const outcome = await pulumi([...args, "--event-log", file], { PULUMI_DEBUG_COMMANDS: "true" });
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return { ...outcome, operations: lines.flatMap((line) => operationIn(JSON.parse(line))) };
}

/** @source pulumi/sdk, go/common/apitype/events.go: EngineEvent, ResourcePreEvent, StepEventMetadata */
function operationIn(event: unknown): readonly Operation[] {
  const { resourcePreEvent: pre } = event as { readonly resourcePreEvent?: { readonly metadata: Operation } };
  return pre ? [{ urn: pre.metadata.urn, op: pre.metadata.op }] : [];
}

/** URNs in a stack's state. */
export async function urnsOf({ pulumi }: Project, stack: string): Promise<readonly string[]> {
  const { code, output } = await pulumi(["stack", "export", "--stack", stack]);
  if (code !== 0) throw new Error(output);
  const { deployment } = JSON.parse(output) as { deployment: { resources?: readonly { urn: string }[] } };
  return (deployment.resources ?? []).map(({ urn }) => urn);
}

/** Everything that exists in the cloud of a provider. */
export function thingsOf({ cloudFile }: Project, provider: "aws" | "kubernetes"): readonly Thing[] {
  return new Cloud(`${cloudFile}.${provider}`).all();
}
