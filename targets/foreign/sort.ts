/** Documents → what each of them is. Nothing is guessed: what is neither form says what it looks like. */
import type { Document } from "./documents.ts";
import { isRecord } from "./fields.ts";
import type { Log } from "./log.ts";

/** One object of a file, not yet read. */
export interface Piece {
  /** `shop.yaml, Deployment api`. */
  readonly where: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface Manifest extends Piece {
  readonly kind: string;
  readonly apiVersion: string;
}

/** A task definition with what our own `compile --out` writes beside it; `aws ecs` prints it alone. */
export interface TaskPiece extends Piece {
  readonly beside: Readonly<Record<string, unknown>>;
}

export interface Sorted {
  readonly tasks: readonly TaskPiece[];
  readonly services: readonly Piece[];
  /** Application Auto Scaling; null: no file speaks of it. */
  readonly scaling: { readonly targets: readonly Piece[]; readonly policies: readonly Piece[] } | null;
  readonly manifests: readonly Manifest[];
}

interface Open {
  readonly tasks: TaskPiece[];
  readonly services: Piece[];
  readonly targets: Piece[];
  readonly policies: Piece[];
  scalingSeen: boolean;
  readonly manifests: Manifest[];
  readonly log: Log;
}

export function sort(documents: readonly Document[], log: Log): Sorted {
  const open: Open = { tasks: [], services: [], targets: [], policies: [], scalingSeen: false, manifests: [], log };
  for (const { file, number, value } of documents) {
    const alone = documents.filter((each) => each.file === file).length === 1;
    place(value, alone ? file : `${file} (document ${number})`, open);
  }
  const { tasks, services, targets, policies, scalingSeen, manifests } = open;
  return { tasks, services, scaling: scalingSeen ? { targets, policies } : null, manifests };
}

function place(value: unknown, file: string, open: Open): void {
  if (!isRecord(value)) {
    strange(file, Array.isArray(value) ? "a list" : "a single value", open);
  } else if ("kind" in value || "apiVersion" in value) {
    placeManifest(value, file, open);
  } else if (Array.isArray(value["manifests"])) {
    for (const each of value["manifests"]) place(each, file, open);
  } else if (isRecord(value["taskDefinition"])) {
    placeUnit(value, value["taskDefinition"], file, open);
  } else if ("containerDefinitions" in value) {
    placeTask(value, {}, file, open);
  } else if (Array.isArray(value["services"])) {
    placeServices(value["services"], value["failures"], file, open);
  } else if (isRecord(value["service"])) {
    placeServices([value["service"]], [], file, open);
  } else if (typeof value["serviceName"] === "string") {
    placeServices([value], [], file, open);
  } else if (Array.isArray(value["ScalableTargets"]) || Array.isArray(value["ScalingPolicies"])) {
    open.scalingSeen = true;
    open.targets.push(...pieces(value["ScalableTargets"], `${file}, scalable target`));
    open.policies.push(...pieces(value["ScalingPolicies"], `${file}, scaling policy`));
  } else {
    strange(file, looksLike(value), open);
  }
}

function placeManifest(value: Readonly<Record<string, unknown>>, file: string, open: Open): void {
  const { kind, apiVersion } = value;
  if (typeof kind !== "string" || typeof apiVersion !== "string") {
    strange(file, "an object whose kind or apiVersion is missing", open);
  } else if (kind.endsWith("List") && Array.isArray(value["items"])) {
    // Of a typed list (`DeploymentList`) the items may leave their kind to it.
    const ofItem = { kind: kind.slice(0, -"List".length), apiVersion };
    for (const item of value["items"])
      place(isRecord(item) && kind !== "List" ? { ...ofItem, ...item } : item, file, open);
  } else {
    const metadata = isRecord(value["metadata"]) ? value["metadata"] : {};
    const name = typeof metadata["name"] === "string" ? metadata["name"] : "without a name";
    open.manifests.push({ where: `${file}, ${kind} ${name}`, value, kind, apiVersion });
  }
}

function placeUnit(
  value: Readonly<Record<string, unknown>>,
  task: Readonly<Record<string, unknown>>,
  file: string,
  open: Open,
): void {
  const { tags, service, scaling } = value;
  const taken = ["taskDefinition", "tags", "service", "scaling"];
  const beside = Object.fromEntries(Object.entries(value).filter(([name]) => !taken.includes(name)));
  if (isRecord(service)) placeServices([service], [], file, open);
  if (isRecord(scaling)) open.targets.push(...pieces([{ ...scaling, ofService: service }], `${file}, scaling`));
  // A unit says all there is of its workload, so a missing scaling means none.
  if ("securityGroup" in beside) open.scalingSeen = true;
  placeTask({ ...task, ...(Array.isArray(tags) ? { tags } : {}) }, beside, file, open);
}

function placeTask(
  value: Readonly<Record<string, unknown>>,
  beside: Readonly<Record<string, unknown>>,
  file: string,
  open: Open,
): void {
  const family = typeof value["family"] === "string" ? value["family"] : "without a family";
  const revision = typeof value["revision"] === "number" ? `:${value["revision"]}` : "";
  open.tasks.push({ where: `${file}, task definition ${family}${revision}`, value, beside });
}

function placeServices(services: readonly unknown[], failures: unknown, file: string, open: Open): void {
  for (const each of services) {
    const name = isRecord(each) && typeof each["serviceName"] === "string" ? each["serviceName"] : undefined;
    if (isRecord(each) && name !== undefined) open.services.push({ where: `${file}, service ${name}`, value: each });
    else strange(file, "a service without a name", open);
  }
  for (const failure of Array.isArray(failures) ? failures : []) {
    const arn = isRecord(failure) && typeof failure["arn"] === "string" ? failure["arn"] : "one of them";
    open.log.problems.push({
      code: "foreign-failure",
      path: file,
      found: `a failure: ECS did not describe ${arn}`,
      allowed: "services that the cluster has",
    });
  }
}

function pieces(value: unknown, where: string): readonly Piece[] {
  return (Array.isArray(value) ? value : []).filter(isRecord).map((each) => ({ where, value: each }));
}

function strange(path: string, found: string, open: Open): void {
  open.log.problems.push({
    code: "foreign-kind",
    path,
    found,
    allowed:
      "what aws ecs describe-task-definition or describe-services prints, or manifests as kubectl get -o yaml does",
  });
}

/** What people have lying about, by a field that only it has. */
function looksLike(value: Readonly<Record<string, unknown>>): string {
  if ("Resources" in value) return "a CloudFormation template";
  if (isRecord(value["services"])) return "a Compose file";
  if ("taskDefinitionArns" in value || "serviceArns" in value) return "a list of ARNs, which describe nothing";
  if ("tasks" in value) return "running tasks";
  if ("terraform_version" in value || "resource_changes" in value) return "Terraform's state or plan";
  if (Object.keys(value).length === 0) return "an empty mapping";
  return "a mapping that is neither form (a chart's values, for instance)";
}
