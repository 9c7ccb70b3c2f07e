/** The repository's own stacks, and small departures from them. */
import { cryptotracker } from "../../platform/cryptotracker.ts";
import type { Model, Result, Workload } from "../../platform/model/types.ts";
import { readStackFile, type Settings } from "../../platform/settings.ts";

export const ROOT = `${import.meta.dirname}/../..`;

export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.problems.map(({ path, code, found }) => `${path}: ${code}: ${found}`).join("\n"));
}

export function problemsOf<T>(result: Result<T>) {
  return result.ok ? [] : result.problems;
}

export function settingsOf(stack: string): Settings {
  return valueOf(readStackFile(ROOT, stack));
}

export const dev = settingsOf("dev");
export const prod = settingsOf("prod");
export const devModel = cryptotracker(dev);

type Kind = Workload["kind"];
type Of<K extends Kind> = Extract<Workload, { kind: K }>;

/** A workload of the catalogue, of the kind that the test relies on. */
export function workload<K extends Kind>(name: string, kind: K, model: Model = devModel): Of<K> {
  const found = model.workloads.find((each): each is Of<K> => each.name === name && each.kind === kind);
  if (!found) throw new Error(`The catalogue has no ${kind} ${name}`);
  return found;
}

/** The model with one workload replaced. */
export function withWorkload(changed: Workload, model: Model = devModel): Model {
  return { ...model, workloads: model.workloads.map((each) => (each.name === changed.name ? changed : each)) };
}
