/** Kubernetes quantities in every notation that its API takes. */
import { quantity } from "../../kubernetes/read-pod.ts";
import type { Fields } from "../fields.ts";

/** `250m`, `.5`, `1e3`, `512Mi`, `1G`, `2E`. @source Kubernetes API reference, Quantity */
const FORM = /^\+?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;

/** In whole cores, bytes or things; undefined where there is none, with a problem for what is no quantity. */
export function quantityOf(
  fields: Fields,
  of: ReadonlyMap<string, string | number>,
  name: string,
  at: string,
): number | undefined {
  const given = of.get(name);
  if (given === undefined) return undefined;
  const text = String(given);
  if (FORM.test(text)) return quantity(text.replace(/^\+/, ""));
  fields.problem(
    `${at}.${name}`,
    "no quantity",
    "a number from 0, with or without a suffix: 250m, 0.5, 1e3, 512Mi, 1G",
  );
  return undefined;
}
