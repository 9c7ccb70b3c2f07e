/** Files → one side's workloads, or all that makes them unreadable. */
import type { Problem, Result } from "../../platform/model/types.ts";
import { readDocuments, type Document } from "./documents.ts";
import { ecsSide } from "./ecs/side.ts";
import { kubernetesSide } from "./kubernetes/side.ts";
import { newLog, type Log } from "./log.ts";
import type { Side } from "./seen.ts";
import { sort, type Sorted } from "./sort.ts";

/** What each side's files must be. */
const FORMS = {
  ecs: "what aws ecs describe-task-definition and describe-services print",
  kubernetes: "manifests, as kubectl get -o yaml or helm template prints them",
} as const;

export function readSide(files: readonly string[], wanted: Side["source"]): Result<Side> {
  const documents = readDocuments(files);
  return documents.ok ? sideOf(documents.value, wanted, files) : documents;
}

/** Either form, or both: a side for each that is there. */
export function readSides(files: readonly string[]): Result<readonly Side[]> {
  const documents = readDocuments(files);
  if (!documents.ok) return documents;
  return sidesOf(documents.value, files);
}

/** @param files only for what is said about them */
export function sidesOf(documents: readonly Document[], files: readonly string[]): Result<readonly Side[]> {
  const log = newLog();
  const sorted = sort(documents, log);
  const sides = [
    ...(hasEcs(sorted) ? [ecsSide(sorted, { problems: log.problems, notes: [] })] : []),
    ...(sorted.manifests.length > 0 ? [kubernetesSide(sorted.manifests, { problems: log.problems, notes: [] })] : []),
  ];
  return judged(sides, files, log);
}

function sideOf(documents: readonly Document[], wanted: Side["source"], files: readonly string[]): Result<Side> {
  const log = newLog();
  const sorted = sort(documents, log);
  const strangers = wanted === "ecs" ? sorted.manifests : [...sorted.tasks, ...sorted.services];
  for (const { where } of strangers)
    log.problems.push({ code: "foreign-side", path: where, found: "the other side's form", allowed: FORMS[wanted] });
  const side = wanted === "ecs" ? ecsSide(sorted, log) : kubernetesSide(sorted.manifests, log);
  const result = judged([side], files, log);
  return result.ok ? { ok: true, value: side } : result;
}

function hasEcs({ tasks, services }: Sorted): boolean {
  return tasks.length + services.length > 0;
}

function judged(sides: readonly Side[], files: readonly string[], { problems }: Log): Result<readonly Side[]> {
  const all = [...problems, ...sides.flatMap(twice)];
  if (all.length === 0 && sides.every(({ readings }) => readings.length === 0)) {
    const allowed = "at least one service, task definition, Deployment, StatefulSet, DaemonSet, Job or CronJob";
    all.push({ code: "foreign-nothing", path: files.join(", "), found: "no workload", allowed });
  }
  if (all.length === 0) return { ok: true, value: sides };
  return { ok: false, problems: [...new Map(all.map((each) => [JSON.stringify(each), each])).values()] };
}

/** In the model a name is a workload's own. */
function twice({ readings }: Side): readonly Problem[] {
  const first = new Map<string, string>();
  return readings.flatMap(({ name, where }): readonly Problem[] => {
    const before = first.get(name);
    first.set(name, before ?? where);
    if (name !== "" && before === undefined) return [];
    const found = name === "" ? "no name" : `a second ${name}, beside ${before ?? ""}`;
    const allowed = "each workload once, by a name of its own: the files of one cluster or namespace";
    return [{ code: "foreign-duplicate", path: where, found, allowed }];
  });
}
