/** Snapshots beside a test, in YAML because it reviews in half the lines: read like code, rewritten with UPDATE_GOLDEN=1. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";

export function expectGolden(path: string, value: unknown): void {
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }));
  }
  const golden: unknown = parse(readFileSync(path, "utf8"));
  expect(JSON.parse(JSON.stringify(value)), path).to.deep.equal(golden);
}
