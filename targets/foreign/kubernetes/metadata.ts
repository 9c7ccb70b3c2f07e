/** What every object of Kubernetes has, and how objects select each other. */
import type { Fields } from "../fields.ts";

export type Labels = ReadonlyMap<string, string>;

export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Another object made it: `ReplicaSet api-7d9c`. */
  readonly owner: string | null;
}

const NONE: Metadata = { name: "", namespace: "default", labels: new Map(), annotations: new Map(), owner: null };

/** Written by the server, by kubectl or by Helm, and about none of what runs. */
const WRITTEN =
  /^(kubectl\.kubernetes\.io\/|deployment\.kubernetes\.io\/|meta\.helm\.sh\/|helm\.sh\/|autoscaling\.alpha\.kubernetes\.io\/|pv\.kubernetes\.io\/)/;

export function readMetadata(fields: Fields): Metadata {
  fields.aside("written by the API server", "status");
  return fields.object("metadata", metadata) ?? NONE;
}

export function metadata(fields: Fields): Metadata {
  fields.aside(
    "written by the API server",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "managedFields",
    "selfLink",
    "generateName",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "finalizers",
  );
  const annotations = fields.map("annotations");
  const others = [...annotations.keys()].filter((name) => !WRITTEN.test(name));
  if (others.length > 0) fields.note("unsaid", "annotations", `what annotations tell others: ${others.join(", ")}`);
  const owners = fields.list("ownerReferences", (owner) => {
    owner.aside("written by the API server", "apiVersion", "uid", "controller", "blockOwnerDeletion");
    return `${owner.text("kind") ?? ""} ${owner.text("name") ?? ""}`;
  });
  return {
    name: fields.text("name") ?? "",
    namespace: fields.text("namespace") ?? "default",
    labels: fields.map("labels"),
    annotations,
    owner: owners[0] ?? null,
  };
}

export type Selector = (labels: Labels) => boolean;

/** One that is empty selects everything. */
export function readSelector(fields: Fields): Selector {
  const wanted = [...fields.map("matchLabels")];
  const expressions = fields.list("matchExpressions", (each) => ({
    key: each.text("key") ?? "",
    operator: each.text("operator") ?? "",
    values: each.texts("values"),
  }));
  return (labels) =>
    wanted.every(([key, value]) => labels.get(key) === value) &&
    expressions.every(({ key, operator, values }) => {
      const value = labels.get(key);
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        default:
          return value === undefined;
      }
    });
}

export function selectsNothing(): boolean {
  return false;
}
