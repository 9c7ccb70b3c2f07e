/** All that the ECS files say, a reading for each service and for each task definition that none uses. */
import { Fields } from "../fields.ts";
import { neutralUrl, type Hosts } from "../hosts.ts";
import type { Log } from "../log.ts";
import type { Reading, Side } from "../seen.ts";
import type { Piece, Sorted, TaskPiece } from "../sort.ts";
import { readBeside } from "./beside.ts";
import type { Parts } from "./parts.ts";
import { readScaling } from "./scaling.ts";
import { readService, type EcsService } from "./service.ts";
import { readTask } from "./task.ts";
import { readingOf } from "./workload.ts";

export function ecsSide(sorted: Sorted, log: Log): Side {
  const services = sorted.services.flatMap((piece) => withOwnLog(piece, log, readService));
  const scaling = readScaling(sorted, log);
  const parts: Parts[] = [];
  const used = new Set<TaskPiece>();
  for (const service of services) {
    const task = taskOf(service.value, sorted.tasks, service.piece, log);
    if (!task) continue;
    used.add(task);
    const read = partsOf(task, log);
    if (!read) continue;
    read.log.notes.push(...service.log.notes);
    parts.push({
      ...read,
      where: service.piece.where,
      service: service.value,
      scaling: scaling ? (scaling.get(service.value.name) ?? null) : undefined,
    });
  }
  const standing = new Set(parts.map(({ task }) => task.family));
  for (const piece of sorted.tasks) {
    if (used.has(piece)) continue;
    const read = partsOf(piece, log);
    if (!read) continue;
    if (standing.has(read.task.family)) aside(piece, log);
    else parts.push({ ...read, where: piece.where, service: null, scaling: null });
    standing.add(read.task.family);
  }
  const hosts = hostsOf(parts);
  const readings = parts.map((each): Reading => readingOf(each, (value) => neutralUrl(value, hosts)));
  return { source: "ecs", readings, notes: log.notes };
}

function aside({ where }: Piece, log: Log): void {
  const sentence = "another revision of a family that is there already";
  log.notes.push({ kind: "setAside", where, field: "revision", sentence });
}

type Read<T> = { readonly piece: Piece; readonly value: T; readonly log: Log };

function withOwnLog<T>(piece: Piece, log: Log, read: (fields: Fields) => T): readonly Read<T>[] {
  const own: Log = { problems: log.problems, notes: [] };
  const value = Fields.read(piece.value, piece.where, "", own, read);
  return value === undefined ? [] : [{ piece, value, log: own }];
}

function partsOf(piece: TaskPiece, log: Log): Pick<Parts, "task" | "beside" | "log"> | undefined {
  const [task] = withOwnLog(piece, log, readTask);
  // One without containers has its problem already.
  if (!task || task.value.containers.length === 0) return undefined;
  const beside = readBeside(piece.beside, piece.where, task.log);
  return beside && { task: task.value, beside, log: task.log };
}

/** `arn:…:task-definition/shop-api:12`, `shop-api:12` or `shop-api`. */
function taskOf(
  { name, taskDefinition }: EcsService,
  tasks: readonly TaskPiece[],
  { where }: Piece,
  log: Log,
): TaskPiece | undefined {
  const [family = "", revision] = (taskDefinition.split("/").at(-1) ?? "").split(":");
  const candidates = tasks.filter(({ value }) => value["family"] === family);
  const found =
    candidates.find(({ value }) => String(value["revision"]) === revision) ??
    (candidates.length === 1 ? candidates[0] : undefined);
  if (found) return found;
  log.problems.push({
    code: "foreign-task-missing",
    path: `${where}: taskDefinition`,
    found: `${name} runs ${family}${revision === undefined ? "" : `:${revision}`}, which is in no file`,
    allowed: `what aws ecs describe-task-definition --task-definition ${family} prints, beside it`,
  });
  return undefined;
}

/** By what Service Connect's clients dial, and by a service's own name. */
function hostsOf(parts: readonly Parts[]): Hosts {
  const hosts = new Map<string, { workload: string; ports: Map<number, number> }>();
  for (const { service, task } of parts) {
    const named = new Map(
      task.containers.flatMap(({ ports }) => ports.map((port) => [port.name, port.number] as const)),
    );
    for (const { portName, host, port } of service?.aliases ?? []) {
      const listens = named.get(portName);
      const known = hosts.get(host) ?? { workload: service?.name ?? "", ports: new Map<number, number>() };
      if (listens !== undefined) known.ports.set(port ?? listens, listens);
      hosts.set(host, known);
    }
  }
  return hosts;
}
