import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { compareSides } from "../../../targets/foreign/compare.ts";
import { decode, MOST_BYTES, parseDocuments, readDocuments } from "../../../targets/foreign/documents.ts";
import { importSides } from "../../../targets/foreign/import/model.ts";
import { modelFile } from "../../../targets/foreign/import/write.ts";
import { readSide, sidesOf } from "../../../targets/foreign/side.ts";
import { foreignParityReport } from "../../../targets/commands/foreign-parity.ts";
import { problemsOf, valueOf } from "../../support/stacks.ts";
import { deployment, ECS, KUBERNETES, problemsIn } from "./support.ts";

const app = JSON.stringify(deployment({}));
const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${Array.from("bcdefghi", (name, index) => {
  const before = "abcdefghi"[index] ?? "a";
  return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(", ")}]`;
}).join("\n")}`;

describe("files that can not be read", () => {
  const texts: readonly [what: string, text: string, code: string, said: RegExp][] = [
    ["nothing", "", "file-empty", /nothing/],
    ["comments alone", "# hello\n---\n# there\n", "file-empty", /nothing but comments/],
    ["a key twice", "a: 1\na: 2", "yaml-syntax", /^file:2:1: a key that stands there twice/],
    ["a bracket that stays open", "kind: List\nitems: [1, 2", "yaml-syntax", /^file:2:\d+: .*not closed/],
    ["a quote that stays open", 'kind: "List\n\nitems: 1', "yaml-syntax", /^file:3:\d+: .*missing/],
    ["a chart's template", "kind: {{ .Values.kind }}\nspec: {{- .Values.x }}\n", "yaml-syntax", /helm template/],
    ["an alias of nothing", "kind: *nowhere", "yaml-alias", /alias/],
    ["a bomb of anchors", bomb, "yaml-alias", /alias/],
    ["nesting without an end", "[".repeat(50_000), "yaml-syntax", /nesting|closed/],
    ["a key that is no text", "{a: 1}: 2\n", "yaml-syntax", /key/],
    ["a number", "42", "foreign-kind", /a single value/],
    ["a list", "- 1\n- 2", "foreign-kind", /a list/],
    ["a Compose file", "services: {web: {image: x}}", "foreign-kind", /a Compose file/],
    ["CloudFormation", "Resources: {}", "foreign-kind", /CloudFormation/],
    ["ARNs", '{"serviceArns": ["arn:aws:ecs:…"]}', "foreign-kind", /describe nothing/],
    ["a chart's values", "replicaCount: 1\nimage: {tag: x}", "foreign-kind", /values/],
    ["no apiVersion", "kind: Deployment", "foreign-kind", /apiVersion is missing/],
    [
      "a task definition without containers",
      '{"family": "x", "containerDefinitions": []}',
      "foreign-value",
      /at least one container/,
    ],
    ["containers that are a text", '{"family": "x", "containerDefinitions": "y"}', "foreign-type", /a text; a list/],
    [
      "replicas in words",
      JSON.stringify(deployment({}, {}, { replicas: "three" })),
      "foreign-type",
      /a text; a whole number/,
    ],
    [
      "a variable without quotes",
      JSON.stringify(deployment({ env: [{ name: "PORT", value: 80 }] })),
      "foreign-type",
      /in quotes/,
    ],
    [
      "no template",
      '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{}}',
      "foreign-value",
      /template/,
    ],
    ["one Deployment twice", `${app}\n---\n${app}`, "foreign-duplicate", /a second app/],
    [
      "one container twice",
      JSON.stringify(deployment({}, { initContainers: [{ name: "app", image: "x" }] })),
      "foreign-value",
      /two containers named app/,
    ],
    ["no workload", '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"n"}}', "foreign-nothing", /no workload/],
    [
      "a failure of ECS'",
      '{"services":[],"failures":[{"arn":"arn:x","reason":"MISSING"}]}',
      "foreign-failure",
      /did not describe arn:x/,
    ],
  ];
  for (const [what, text, code, said] of texts) {
    it(`${what}: a sentence`, () => {
      const problems = problemsIn(text);
      expect(problems.map((each) => each.code)).to.include(code);
      const lines = problems.map(({ path, found, allowed }) => `${path}: ${found}; ${allowed}`);
      expect(lines.join("\n")).to.match(said);
    });
  }

  it("bytes, and what only looks like text", () => {
    for (const bytes of [
      [0x7f, 0x45, 0x4c, 0x46, 0, 1],
      [0xc3, 0x28],
      [0x61, 0x00],
      [0x1f, 0x8b, 8],
    ])
      expect(problemsOf(decode("file", Uint8Array.from(bytes))).map(({ code }) => code)).to.deep.equal(["file-binary"]);
  });

  it("what a Windows shell has redirected is text", () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("kind: x", "utf16le")]);
    expect(decode("file", bytes)).to.deep.equal({ ok: true, value: "kind: x" });
  });

  it("folders, files that are not there, and files that are too large, all at once", () => {
    const folder = mkdtempSync(join(tmpdir(), "foreign-"));
    try {
      const large = join(folder, "large.yaml");
      writeFileSync(large, "");
      truncateSync(large, MOST_BYTES + 1);
      const problems = problemsOf(readDocuments([folder, join(folder, "absent"), large]));
      expect(problems.map(({ found }) => found)).to.deep.equal(["a folder", "no such file", `${MOST_BYTES + 1} bytes`]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("the other side's form", () => {
    expect(problemsOf(readSide(KUBERNETES, "ecs")).map(({ code }) => code)).to.include("foreign-side");
    expect(problemsOf(readSide(ECS, "kubernetes")).map(({ code }) => code)).to.include("foreign-side");
  });

  it("never quote what stands in them", () => {
    for (const text of [
      'password: "hunter2\nx: [hunter2',
      "hunter2: *hunter2",
      "? [hunter2]\n: hunter2",
      "%hunter2 x\n--- y: hunter2: z",
    ])
      expect(JSON.stringify(problemsIn(text))).to.not.include("hunter2");
  });
});

describe("any input at all", () => {
  const files = [...ECS, ...KUBERNETES].map((file) => readFileSync(file, "utf8"));

  /** Everything that the two commands do with a text, to the end. */
  function readThrough(text: string): void {
    const documents = parseDocuments("file", text);
    if (!documents.ok) return;
    const sides = sidesOf(documents.value, ["file"]);
    if (!sides.ok) {
      expect(sides.problems).to.not.be.empty;
      return;
    }
    modelFile(importSides(sides.value), ["file"], "./types.ts");
    const [first] = sides.value;
    if (first) foreignParityReport(compareSides(first, sides.value.at(-1) ?? first));
  }

  const SPLICES = [
    "",
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "\n",
    "  ",
    "null",
    "-1",
    "1e999",
    "true",
    '"',
    "'",
    "&a ",
    "*a",
    "<<: ",
    "\u0000",
    "__proto__: ",
    "💥",
    "---\n",
  ];

  it("is read or refused with a sentence, whatever is spliced into it", function () {
    this.timeout(120_000);
    const mutation = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(40),
      put: fc.constantFrom(...SPLICES),
    });
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(mutation, { minLength: 1, maxLength: 4 }), (file, mutations) => {
        let text = file;
        for (const { at, cut, put } of mutations) {
          const index = Math.floor(at * text.length);
          text = text.slice(0, index) + put + text.slice(index + cut);
        }
        readThrough(text);
      }),
      { numRuns: 2500 },
    );
  });

  it("is read or refused with a sentence, whatever stands in the place of a value", function () {
    this.timeout(120_000);
    const documents = files.flatMap((file) => valueOf(parseDocuments("file", file)).map(({ value }) => value));
    const strange = fc.oneof(
      fc.constantFrom(null, "", [], {}, -1, 1e308, true, "x", [null], [[]], { __proto__: 1 }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.nat(), strange, (document, seed, put) => {
        readThrough(JSON.stringify(replaced(document, seed, put)));
      }),
      { numRuns: 2500 },
    );
  });

  it("is read or refused with a sentence, whatever it is", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), readThrough), { numRuns: 500 });
    fc.assert(
      fc.property(fc.jsonValue(), (value) => readThrough(JSON.stringify(value))),
      { numRuns: 500 },
    );
  });

  /** The document with its `seed`th value replaced. */
  function replaced(document: unknown, seed: number, put: unknown): unknown {
    const count = sizeOf(document);
    let left = seed % count;
    const visit = (value: unknown): unknown => {
      if (left-- === 0) return put;
      if (Array.isArray(value)) return value.map(visit);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, visit(each)]));
    };
    return visit(document);
  }

  function sizeOf(value: unknown): number {
    const inner: readonly unknown[] = typeof value === "object" && value !== null ? Object.values(value) : [];
    return 1 + inner.reduce((sum: number, each) => sum + sizeOf(each), 0);
  }
});
