/** A container definition of ECS. */
import type { Behaviour, SecretBehaviour } from "../../../platform/model/behaviour.ts";
import { capabilities } from "../capabilities.ts";
import type { Fields } from "../fields.ts";
import { told, untold, type Told } from "../seen.ts";
import { NO_HEALTH, readHealth, type Health } from "./health.ts";
import { unsaidOfContainer } from "./unsaid.ts";

/** @source ECS API reference, ContainerDefinition, 2026-11 */
const STOP_TIMEOUT = 30;

export interface Port {
  readonly number: number;
  readonly name: string | undefined;
  readonly http: boolean;
}

/** As it stands there; what a container has of its task's size is the task's to say. */
export interface EcsContainer {
  readonly name: string;
  readonly essential: boolean;
  readonly image: string;
  readonly entryPoint: readonly string[] | null;
  readonly command: readonly string[] | null;
  /** 0 and nothing are the same to ECS. */
  readonly cpuUnits: number;
  readonly memory: number | undefined;
  readonly reservation: number | undefined;
  readonly ports: readonly Port[];
  readonly env: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, SecretBehaviour>;
  readonly moreEnv: string | null;
  readonly health: Health;
  readonly stopTimeout: number;
  readonly gpus: number;
  readonly user: Told<number>;
  readonly logs: Told<string | null>;
  readonly waitsFor: readonly { readonly container: string; readonly condition: string }[];
  readonly security: Pick<Behaviour, "readOnlyRoot" | "privileged" | "capabilities" | "writablePaths" | "sharedMemory">;
}

export function readContainer(fields: Fields): EcsContainer {
  unsaidOfContainer(fields);
  const [entryPoint, command] = [fields.texts("entryPoint"), fields.texts("command")];
  const files = fields.list("environmentFiles", (each) => (each.aside("where it lies", "type"), each.text("value")));
  const mounts = fields.list("mountPoints", mountPoint);
  const linux = fields.object("linuxParameters", linuxParameters) ?? NO_LINUX;
  return {
    name: fields.text("name") ?? "",
    essential: fields.flag("essential") ?? true,
    image: fields.text("image") ?? "",
    entryPoint: entryPoint.length > 0 ? entryPoint : null,
    command: command.length > 0 ? command : null,
    cpuUnits: fields.whole("cpu") ?? 0,
    memory: fields.whole("memory"),
    reservation: fields.whole("memoryReservation"),
    ports: fields.list("portMappings", port).flatMap((each) => each ?? []),
    env: new Map(fields.list("environment", (each) => [each.text("name") ?? "", each.text("value") ?? ""] as const)),
    secrets: new Map(fields.list("secrets", secret)),
    moreEnv: files.length > 0 ? `it reads ${files.length} file(s) of variables (environmentFiles)` : null,
    health: fields.object("healthCheck", readHealth) ?? NO_HEALTH,
    stopTimeout: fields.whole("stopTimeout") ?? STOP_TIMEOUT,
    gpus: fields.list("resourceRequirements", accelerators).reduce((sum, each) => sum + each, 0),
    user: user(fields.text("user")),
    logs: fields.object("logConfiguration", logGroup) ?? told(null),
    waitsFor: fields.list("dependsOn", (each) => ({
      container: each.text("containerName") ?? "",
      condition: each.text("condition") ?? "",
    })),
    security: {
      readOnlyRoot: fields.flag("readonlyRootFilesystem") ?? false,
      privileged: fields.flag("privileged") ?? false,
      capabilities: linux.capabilities,
      sharedMemory: linux.sharedMemory,
      writablePaths: [...linux.tmpfs, ...mounts.flat()].sort(),
    },
  };
}

function port(fields: Fields): Port | undefined {
  const number = fields.whole("containerPort");
  const name = fields.text("name");
  const http = ["http", "http2", "grpc"].includes(fields.text("appProtocol") ?? "");
  if ((fields.text("protocol") ?? "tcp") !== "tcp") fields.note("unsaid", "protocol", "a port that is not TCP", "port");
  const host = fields.whole("hostPort") ?? 0;
  if (host !== 0 && host !== number) fields.note("unsaid", "hostPort", "a port of its machine's", "port");
  fields.unsaid("containerPortRange", "a range of ports", "port");
  return number === undefined ? undefined : { number, name, http };
}

/** `arn:key:stage:version` of Secrets Manager, a parameter of Systems Manager by ARN or name, or our placeholder. */
function secret(fields: Fields): readonly [string, SecretBehaviour] {
  const name = fields.text("name") ?? "";
  const valueFrom = fields.text("valueFrom") ?? "";
  const [, id, key = "", stage = "", version = ""] =
    /^(?:arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:([^:]+)|\$\{secret\.[^}]+\.arn\})(?::([^:]*):([^:]*):([^:]*))?$/.exec(
      valueFrom,
    ) ?? [];
  if (stage !== "" || version !== "") fields.note("unsaid", "valueFrom", "a stage or version of a secret", "uses");
  const ours = /^\$\{secret\.([^}]+)\.arn\}/.exec(valueFrom)?.[1];
  // Secrets Manager ends an ARN with a dash and six characters of its own.
  if (id !== undefined) return [name, { secret: id.replace(/-[A-Za-z0-9]{6}$/, ""), key }];
  if (ours !== undefined) return [name, { secret: ours, key }];
  return [name, { secret: /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(valueFrom)?.[1] ?? valueFrom, key: "" }];
}

function accelerators(fields: Fields): number {
  const type = fields.text("type");
  const count = Number(fields.scalar("value") ?? 0);
  if (type === "GPU" && Number.isInteger(count)) return count;
  fields.note("unsaid", "type", "an accelerator that is no GPU", "compute");
  return 0;
}

function mountPoint(fields: Fields): readonly string[] {
  fields.unsaid("sourceVolume", "a volume, of which only the path is compared");
  const path = fields.text("containerPath");
  return fields.flag("readOnly") || path === undefined ? [] : [path];
}

interface Linux {
  readonly capabilities: readonly string[];
  readonly sharedMemory: number | null;
  readonly tmpfs: readonly string[];
}

const NO_LINUX: Linux = { capabilities: ["default"], sharedMemory: null, tmpfs: [] };

function linuxParameters(fields: Fields): Linux {
  fields.ours("initProcessEnabled", [true, false], "whether a process of ECS' own is the first");
  for (const name of ["devices", "maxSwap", "swappiness"])
    fields.unsaid(name, "devices and swap, which are the machine's", "compute");
  return {
    capabilities: fields.object("capabilities", capabilities) ?? NO_LINUX.capabilities,
    sharedMemory: fields.whole("sharedMemorySize") ?? null,
    tmpfs: fields.list("tmpfs", (each) => {
      each.aside("how large it is and how it is mounted", "size", "mountOptions");
      return each.text("containerPath") ?? "";
    }),
  };
}

function user(given: string | undefined): Told<number> {
  const [, id] = /^(\d+)(?::\d+)?$/.exec(given ?? "") ?? [];
  if (id !== undefined) return told(Number(id));
  return untold(
    given === undefined || given === "" ? "the image's own user" : "a user by name, whose number the image knows",
  );
}

function logGroup(fields: Fields): Told<string | null> {
  const driver = fields.text("logDriver");
  const group = fields.map("options").get("awslogs-group");
  fields.unsaid("secretOptions", "secrets of its log driver's");
  if (driver === "awslogs" && group !== undefined) return told(group);
  return untold(`logs go by ${driver ?? "a driver without a name"}, not to a group by name`);
}
