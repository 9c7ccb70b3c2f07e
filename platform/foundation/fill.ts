/** Placeholders of compiled JSON → Outputs. Nothing is created here, so nothing is ever created inside an `apply`. */
import * as pulumi from "@pulumi/pulumi";
import { fillPlaceholders, placeholdersIn, type Placeholder } from "../model/placeholders.ts";

/** @throws Error for a placeholder that nobody answers */
export type Resolve = (placeholder: Placeholder) => pulumi.Output<string>;

/** A text with each placeholder replaced; one without any comes back as it is. */
export function filled(text: string, resolve: Resolve): pulumi.Input<string> {
  const found = placeholdersIn(text);
  if (found.length === 0) return text;
  return pulumi.all(found.map(resolve)).apply((values) => {
    const left = [...values];
    return fillPlaceholders(text, () => left.shift() ?? "");
  });
}

/** The same through arrays and objects; everything but text is left alone. */
export function filledDeep(value: unknown, resolve: Resolve): pulumi.Input<unknown> {
  if (typeof value === "string") return filled(value, resolve);
  if (Array.isArray(value)) return value.map((each: unknown) => filledDeep(each, resolve));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [key, filledDeep(each, resolve)]),
  );
}

export function keyOf({ kind, name, attribute }: Placeholder): string {
  return `${kind}.${name}.${attribute}`;
}
