/** Values by a JSON schema: fit ones, and ones that are fit but for one place. */
import fc, { type Arbitrary } from "fast-check";

import type { JsonSchema } from "../../../services/api/http/open-api.ts";

export type Resolve = (reference: string) => JsonSchema;

/** What the server knows and the document's patterns don't say: values that get further than made-up ones. */
const KNOWN = ["BTC-USD", "BTC", "100000.10", "-0.5", "22:00", "Europe/Berlin", "https://hooks.ann.dev/x", "0", "1"];

const list = (value: unknown): readonly JsonSchema[] => (Array.isArray(value) ? (value as JsonSchema[]) : []);

/** @throws Error for a word that the document uses and this does not know */
export function fitting(schema: JsonSchema, resolve: Resolve): Arbitrary<unknown> {
  const { $ref, type } = schema;
  if (typeof $ref === "string") return fitting(resolve($ref), resolve);
  if ("const" in schema) return fc.constant(schema["const"]);
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...(schema["enum"] as unknown[]));
  const choices = [...list(schema["oneOf"]), ...list(schema["anyOf"])];
  if (choices.length > 0) return fc.oneof(...choices.map((choice) => fitting(choice, resolve)));
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => fitting({ ...schema, type: one as string }, resolve)));
  switch (type) {
    case "object":
      return object(schema, resolve);
    case "array":
      return fc.array(fitting(schema["items"] as JsonSchema, resolve), {
        minLength: Number(schema["minItems"] ?? 0),
        maxLength: Math.min(Number(schema["maxItems"] ?? 5), 5),
      });
    case "string":
      return text(schema);
    case "integer":
      return fc.integer({ min: clamped(schema["minimum"], -(2 ** 31)), max: clamped(schema["maximum"], 2 ** 31 - 1) });
    case "number":
      return double(schema);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      throw new Error(`no values are known for ${JSON.stringify(schema)}`);
  }
}

function double({ minimum, maximum }: JsonSchema): Arbitrary<number> {
  const bounds = {
    ...(typeof minimum === "number" ? { min: minimum } : {}),
    ...(typeof maximum === "number" ? { max: maximum } : {}),
  };
  return fc.double({ noNaN: true, noDefaultInfinity: true, ...bounds });
}

function text({ pattern, format, minLength, maxLength }: JsonSchema): Arbitrary<string> {
  const bounds = { minLength: Number(minLength ?? 0), maxLength: Math.min(Number(maxLength ?? 60), 60) };
  if (format === "uuid") return fc.uuid();
  if (format === "date-time") {
    const [min, max] = [new Date("2026-03-01T00:00:00Z"), new Date("2026-03-04T00:00:00Z")];
    return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
  }
  if (typeof pattern === "string") {
    const expression = new RegExp(pattern);
    const known = KNOWN.filter((value) => expression.test(value));
    return fc.oneof(fc.stringMatching(expression), ...known.map((value) => fc.constant(value)));
  }
  return fc.oneof(fc.string({ unit: "binary", ...bounds }), fc.string(bounds), fc.constantFrom(...KNOWN));
}

function object(schema: JsonSchema, resolve: Resolve): Arbitrary<unknown> {
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, JsonSchema>);
  const fields = Object.fromEntries(properties.map(([name, field]) => [name, fitting(field, resolve)]));
  return fc.record(fields, { requiredKeys: (schema["required"] ?? []) as string[] });
}

const clamped = (bound: unknown, otherwise: number): number =>
  typeof bound === "number" ? Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, bound)) : otherwise;

/** Anything that JSON can say, with the words that trip up those who trust. */
export const anything: Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constantFrom("", " ", "\u0000", "\ud800", "__proto__", "NaN", "-0", "1e400", "' or 1=1 --", "../..", "%00"),
  fc.constantFrom(0, -1, 1.5, 2 ** 53, 1e308, null, true, [], {}),
);

/** A value with one place changed, left out or added, at any depth. */
export function spoilt(value: unknown): Arbitrary<unknown> {
  if (Array.isArray(value) && value.length > 0) {
    const items = value as unknown[];
    const deeper = fc
      .nat(items.length - 1)
      .chain((index) => spoilt(items[index]).map((other) => items.with(index, other)));
    return fc.oneof(anything, deeper, fc.constant([...items, ...items]));
  }
  if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
    const fields = value as Record<string, unknown>;
    const name = fc.constantFrom(...Object.keys(fields));
    const changed = name.chain((key) => spoilt(fields[key]).map((other) => ({ ...fields, [key]: other })));
    const lacking = name.map((key) => Object.fromEntries(Object.entries(fields).filter(([other]) => other !== key)));
    const added = fc.tuple(fc.oneof(fc.string({ maxLength: 10 }), fc.constantFrom("__proto__", "id")), anything);
    return fc.oneof(
      anything,
      changed,
      changed,
      lacking,
      added.map(([key, other]) => Object.fromEntries([...Object.entries(fields), [key, other]])),
    );
  }
  return anything;
}
