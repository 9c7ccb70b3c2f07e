/** A single wrong change to what a stack registers, as somebody in a hurry would make it. */
import type { Registered } from "../../../policies/program/types.ts";

export type Graph = readonly Registered[];
export type Change = (graph: Graph) => Graph;
/** What it does, and the rule that must notice. */
export type Row = readonly [what: string, change: Change, rule: string];

/** The stacks and targets that are mutated. */
export const BASES = ["dev ecs", "prod ecs", "dev eks", "prod eks"] as const;
export type Base = (typeof BASES)[number];
export type Table = Readonly<Partial<Record<Base, readonly Row[]>>>;

type Values = Readonly<Record<string, unknown>>;
/** Type and name of the resource that a property's value comes from. */
type Source = readonly [type: string, name: string];
type Sources = Readonly<Record<string, readonly Source[]>>;

/** One resource of the graph. A path goes through JSON in strings too: `containerDefinitions.0.user`. */
export function at(type: string, name: string) {
  const changed = (change: (resource: Registered, graph: Graph) => readonly Registered[]): Change => {
    return (graph) => {
      const found = one(graph, type, name);
      return graph.flatMap((each) => (each === found ? change(each, graph) : [each]));
    };
  };
  const replaced = (path: string, value: (before: unknown) => unknown, from: Sources = {}): Change => {
    const keys = path.split(".");
    const [top = ""] = keys;
    return changed((resource, graph) => {
      const inputs = within(resource.inputs, keys, value) as Values;
      const state = within(resource.state, keys, value) as Values;
      // A value of its own comes from nobody; a part of one leaves the others' as they were.
      const kept = keys.length > 1 ? resource.from : { ...resource.from, [top]: [] };
      return [{ ...resource, inputs, state, from: { ...kept, ...urns(from, graph) } }];
    });
  };
  return {
    set: (path: string, value: unknown, from?: Sources): Change => replaced(path, () => value, from),
    without: (path: string): Change => replaced(path, () => undefined),
    gone: changed(() => []),
  };
}

/** Several that make one mistake. */
export function all(...changes: readonly Change[]): Change {
  return (graph) => changes.reduce((changed, change) => change(changed), graph);
}

/** A resource that nobody planned. */
export function added(type: string, name: string, props: Values, from: Sources = {}): Change {
  return (graph) => [
    ...graph,
    {
      urn: `urn:pulumi:stack::cryptotracker::${type}::${name}`,
      type,
      name,
      inputs: props,
      state: props,
      dependsOn: [],
      from: urns(from, graph),
      protect: false,
      ignoreChanges: [],
    },
  ];
}

function one(graph: Graph, type: string, name: string): Registered {
  const found = graph.find((each) => each.type === type && each.name === name);
  if (found) return found;
  const names = graph.filter((each) => each.type === type).map((each) => each.name);
  throw new Error(`No ${type} called ${name}; there are ${names.join(", ")}.`);
}

function urns(from: Sources, graph: Graph): Record<string, readonly string[]> {
  const entries = Object.entries(from).map(([property, sources]): [string, readonly string[]] => [
    property,
    sources.map(([type, name]) => one(graph, type, name).urn),
  ]);
  return Object.fromEntries(entries);
}

function within(value: unknown, keys: readonly string[], change: (before: unknown) => unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return change(value);
  if (typeof value === "string") return JSON.stringify(within(JSON.parse(value), keys, change));
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...(value as unknown[])]
    : { ...(value as object) };
  const after = within(Reflect.get(copy, key), rest, change);
  if (after === undefined && Array.isArray(copy)) copy.splice(Number(key), 1);
  else if (after === undefined) Reflect.deleteProperty(copy, key);
  else Reflect.set(copy, key, after);
  return copy;
}
