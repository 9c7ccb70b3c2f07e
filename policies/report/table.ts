/** A report for people: first what was checked, then what is wrong and what to do about it. */
import { blocks, violationsOf, type Checked, type Report, type Violation } from "../framework/report.ts";

export function text(reports: readonly Report[]): string {
  return [...reports.map(one), total(reports)].join("\n\n");
}

function one(report: Report): string {
  const { stack, target, resources, rules, milliseconds } = report;
  const head = `${stack}, ${target}: ${resources} resources, ${rules.length} rules`;
  const times = `graph ${seconds(milliseconds.graph)}, rules ${seconds(milliseconds.rules)}`;
  const violations = violationsOf(report);
  return [
    `${head} (${times})`,
    table([
      ["group", "rules", "judged", "in order", "violated", "exempt", "undecided", "without a subject"],
      ...groupRows(rules),
    ]),
    ...violations.map(line),
    ...rules.flatMap(({ exempt }) =>
      exempt.map((each) => `  exempt until ${each.until}  ${each.rule}  ${each.resource}: ${each.reason}`),
    ),
  ].join("\n");
}

function groupRows(rules: readonly Checked[]): readonly (readonly string[])[] {
  const names = [...new Set(rules.map(({ group }) => group))];
  return names.map((name) => {
    const members = rules.filter(({ group }) => group === name);
    const count = (of: (rule: Checked) => boolean): string => String(members.filter(of).length);
    return [
      name,
      String(members.length),
      String(members.reduce((sum, { checked }) => sum + checked, 0)),
      count((rule) => rule.checked > 0 && rule.violations.length === 0 && rule.unknown.length === 0),
      count(({ violations }) => violations.length > 0),
      count(({ exempt }) => exempt.length > 0),
      count(({ unknown, violations }) => unknown.length > 0 && violations.length === 0),
      count(({ checked }) => checked === 0),
    ];
  });
}

function line(violation: Violation): string {
  const { rule, resource, at, found, allowed, remedy } = violation;
  const level = blocks(violation) ? "mandatory" : "advisory";
  return `  ${level.padEnd(9)}  ${rule}  ${resource}\n             ${at}: found ${found}; allowed: ${allowed}. ${remedy}`;
}

function total(reports: readonly Report[]): string {
  const all = reports.flatMap(violationsOf);
  const mandatory = all.filter(blocks).length;
  const judged = reports.reduce((sum, { rules }) => sum + rules.reduce((part, { checked }) => part + checked, 0), 0);
  if (all.length === 0) return `Everything is in order: ${judged} judgements, no violation.`;
  return `${judged} judgements: ${mandatory} mandatory and ${all.length - mandatory} advisory violation(s).`;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}
