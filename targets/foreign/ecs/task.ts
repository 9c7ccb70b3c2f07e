/** A task definition of ECS: its size and its containers. */
import type { Fields } from "../fields.ts";
import { readContainer, type EcsContainer } from "./container.ts";
import { asideOfTask } from "./unsaid.ts";

export interface EcsTask {
  readonly family: string;
  readonly cpuUnits: number | undefined;
  readonly memory: number | undefined;
  readonly ephemeral: number | null;
  readonly fargateOnly: boolean;
  readonly mayFargate: boolean;
  readonly architecture: "x86_64" | "arm64";
  readonly hasRole: boolean;
  readonly project: string | null;
  readonly service: string | undefined;
  /** Of its placement constraints. */
  readonly instanceType: string | undefined;
  readonly containers: readonly EcsContainer[];
}

export function readTask(fields: Fields): EcsTask {
  asideOfTask(fields);
  const compatibilities = fields.texts("requiresCompatibilities");
  const network = fields.text("networkMode");
  if (network !== undefined && network !== "awsvpc")
    fields.note("unsaid", "networkMode", `networking by ${network}, in which tasks share their machine's address`);
  const tags = new Map(fields.list("tags", (tag) => [tag.text("key") ?? "", tag.text("value") ?? ""] as const));
  fields.aside("what starting it takes", "executionRoleArn");
  const containers = fields.list("containerDefinitions", readContainer);
  if (containers.length === 0) fields.problem("containerDefinitions", "none", "at least one container");
  for (const name of twice(containers.map((each) => each.name)))
    fields.problem("containerDefinitions", `two containers named ${name}`, "each name once in a task");
  const cpuUnits = size(fields, "cpu", 1024, /^\s*v?cpus?\s*$/i);
  const memory = size(fields, "memory", 1024, /^\s*gb\s*$/i);
  return {
    family: fields.text("family") ?? "",
    cpuUnits,
    memory,
    ephemeral: fields.object("ephemeralStorage", (disk) => disk.whole("sizeInGiB")) ?? null,
    fargateOnly: compatibilities.length > 0 && compatibilities.every((each) => each === "FARGATE"),
    mayFargate: compatibilities.includes("FARGATE"),
    architecture: fields.object("runtimePlatform", platform) ?? "x86_64",
    hasRole: fields.text("taskRoleArn") !== undefined,
    project: tags.get("project") ?? null,
    service: tags.get("service"),
    instanceType: fields.list("placementConstraints", instanceType).find((each) => each !== undefined),
    containers,
  };
}

/** Units and MiB as they are; `.5 vCPU` and `2 GB` are what the API also takes. @source RegisterTaskDefinition, 2026-11 */
function size(fields: Fields, name: "cpu" | "memory", per: number, unit: RegExp): number | undefined {
  const given = fields.scalar(name);
  if (given === undefined) return undefined;
  const [, number = "", suffix = ""] = /^\s*(\d+|\d*\.\d+)(\D*)$/.exec(String(given)) ?? [];
  if (number !== "" && suffix.trim() === "") return Math.round(Number(number));
  if (number !== "" && unit.test(suffix)) return Math.round(Number(number) * per);
  fields.problem(name, "no size", name === "cpu" ? "units (256) or vCPU (.25 vCPU)" : "MiB (512) or GB (0.5 GB)");
  return undefined;
}

function platform(fields: Fields): "x86_64" | "arm64" {
  const system = fields.text("operatingSystemFamily") ?? "LINUX";
  if (system !== "LINUX") fields.note("unsaid", "operatingSystemFamily", "a system other than Linux", "compute");
  return fields.text("cpuArchitecture") === "ARM64" ? "arm64" : "x86_64";
}

function instanceType(fields: Fields): string | undefined {
  const expression = fields.text("expression") ?? "";
  const [, type] = /^attribute:ecs\.instance-type\s*(?:==|=~)\s*(\S+)$/.exec(expression.trim()) ?? [];
  fields.aside("a kind of constraint", "type");
  if (type === undefined) fields.note("unsaid", "expression", "a constraint on its machines", "compute");
  return type;
}

function twice(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
