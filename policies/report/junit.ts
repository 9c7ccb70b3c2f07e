/** A report as JUnit XML, which every CI shows: a suite for each stack and target, a case for each rule. */
import { blocks, type Checked, type Report } from "../framework/report.ts";

export function junit(reports: readonly Report[]): string {
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...reports.map(suite), "</testsuites>", ""].join(
    "\n",
  );
}

function suite({ stack, target, rules, milliseconds }: Report): string {
  const failures = rules.filter(failed).length;
  const skipped = rules.filter((rule) => !failed(rule) && rule.checked === 0).length;
  const attributes = {
    name: `${stack}.${target}`,
    tests: rules.length,
    failures,
    skipped,
    time: milliseconds.rules / 1000,
  };
  return [`<testsuite${written(attributes)}>`, ...rules.map(testCase), "</testsuite>"].join("\n");
}

function testCase(rule: Checked): string {
  const open = `<testcase${written({ classname: `policies.${rule.group}`, name: rule.rule })}`;
  const lines = rule.violations.map(({ resource, message }) => `${resource}: ${message}`).join("\n");
  if (failed(rule)) {
    const attributes = { message: `${rule.violations.length} violation(s)`, type: rule.level };
    return `${open}><failure${written(attributes)}>${escaped(lines)}</failure></testcase>`;
  }
  if (rule.checked === 0) return `${open}><skipped/></testcase>`;
  return lines === "" ? `${open}/>` : `${open}><system-out>${escaped(lines)}</system-out></testcase>`;
}

function failed({ violations }: Checked): boolean {
  return violations.some(blocks);
}

function written(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  // What XML 1.0 cannot hold in any form is left out.
  return Array.from(text)
    .filter((each) => each >= " " || each === "\n" || each === "\t")
    .map((each) => ENTITIES[each] ?? each)
    .join("");
}
