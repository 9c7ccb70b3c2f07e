/** A model → a TypeScript file in the catalogue's style, with a comment for each thing that it does not say. */
import type { Imported } from "./model.ts";
import type { ImportedWorkload } from "./workload.ts";

/** prettier's, as the rest of the repository. */
const WIDTH = 120;
/** What a model is called, before what it is made of. */
const NAMES: readonly string[] = ["project", "prefix"];
/** Before a comment beside a property of a workload. */
const BESIDE = "      // ";

/** @param files what it was made of; @param types the module of the model's types, as the file imports it */
export function modelFile(
  { model, workloads, remarks, problems }: Imported,
  files: readonly string[],
  types: string,
): string {
  const opening = `Imported from ${files.join(", ")}. What the files leave open, and what the model has no words for, stands beside each workload; it is yours to settle.`;
  const stuck = problems.map(
    ({ path, found, allowed }) => `It can not run as it stands: ${path}: ${found}; allowed: ${allowed}.`,
  );
  const head = [
    "/**",
    ...[opening, ...remarks, ...stuck].flatMap((each) => folded(each, " * ")),
    " */",
    `import type { Model } from ${JSON.stringify(types)};`,
    "",
    "export const imported: Model = {",
  ];
  const entries = Object.entries(model).filter(([name]) => name !== "workloads");
  const first = entries.filter(([name]) => NAMES.includes(name));
  const others = entries.filter(([name]) => !NAMES.includes(name));
  return [
    ...head,
    ...first.flatMap(([name, value]) => property(name, value, 1)),
    ...(workloads.length === 0 ? ["  workloads: [],"] : ["  workloads: [", ...workloads.flatMap(written), "  ],"]),
    ...others.flatMap(([name, value]) => property(name, value, 1)),
    "};",
    "",
  ].join("\n");
}

function written({ workload, where, remarks }: ImportedWorkload): readonly string[] {
  const properties = Object.keys(workload);
  const at = (name: string | null): readonly string[] =>
    remarks
      .filter((each) => (each.at !== null && properties.includes(each.at) ? each.at : null) === name)
      .flatMap(({ sentence }) => folded(sentence, BESIDE));
  return [
    "    {",
    ...folded(where, BESIDE),
    ...at(null),
    ...Object.entries(workload).flatMap(([name, value]) => [...at(name), ...property(name, value, 3)]),
    "    },",
  ];
}

/** A remark as comment lines, folded where the line would be too long. */
function folded(sentence: string, indent: string): readonly string[] {
  const found: string[] = [];
  for (const word of comment(sentence).split(" ")) {
    const last = found.at(-1);
    if (last !== undefined && indent.length + last.length + 1 + word.length <= WIDTH) {
      found[found.length - 1] = `${last} ${word}`;
    } else {
      found.push(word);
    }
  }
  return found.map((each) => `${indent}${each}`);
}

/** Text of a file's must neither end a comment nor begin a line of code. */
function comment(text: string): string {
  return text.replaceAll("*/", "*\u200b/").replaceAll(/[\r\n\u2028\u2029]+/g, " ");
}

function property(name: string, value: unknown, depth: number): readonly string[] {
  if (value === undefined) return [];
  const indent = "  ".repeat(depth);
  const taken = `${indent}${key(name)}: `.length + 1;
  // prettier puts a text that is too long below its name, unless that is shorter than an indentation.
  const below = typeof value === "string" && taken + quoted(value).length > WIDTH && key(name).length > 2;
  if (below) return [`${indent}${key(name)}:`, `${indent}  ${quoted(value)},`];
  const [first = "", ...rest] = literal(value, depth, taken);
  return [`${indent}${key(name)}: ${first}`, ...rest].map((line, index, all) =>
    index === all.length - 1 ? `${line},` : line,
  );
}

/** On one line where it fits, as prettier has it. */
function literal(value: unknown, depth: number, taken: number): readonly string[] {
  const flat = inline(value);
  if (typeof value !== "object" || value === null) return [flat];
  if (taken + flat.length <= WIDTH && !isTable(value)) return [flat];
  const indent = "  ".repeat(depth + 1);
  const inner = Array.isArray(value)
    ? value.flatMap((each: unknown) => {
        const item = literal(each, depth + 1, indent.length + 1);
        return item.map((line, index) => `${index === 0 ? indent : ""}${line}${index === item.length - 1 ? "," : ""}`);
      })
    : Object.entries(value).flatMap(([name, each]) => property(name, each, depth + 1));
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return [open, ...inner, `${"  ".repeat(depth)}${close}`];
}

/** Rows of several columns stand below each other, however short they are. */
function isTable(value: object): boolean {
  const rows: readonly unknown[] = Array.isArray(value) ? value : [];
  return rows.length > 1 && rows.every((row) => typeof row === "object" && row !== null && Object.keys(row).length > 1);
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    if (entries.length === 0) return "{}";
    return `{ ${entries.map(([name, each]) => `${key(name)}: ${inline(each)}`).join(", ")} }`;
  }
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}

/** In the quotes that have to be escaped less often, as prettier has it. */
function quoted(text: string): string {
  const double = JSON.stringify(text);
  const [doubles, singles] = ['"', "'"].map((quote) => text.split(quote).length - 1);
  if ((doubles ?? 0) <= (singles ?? 0)) return double;
  return `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function key(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) && name !== "__proto__" ? name : JSON.stringify(name);
}
