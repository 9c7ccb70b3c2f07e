/** The rules as a page for people: docs/policies.md, which a test holds current. */
import { z } from "zod";
import { levelOf } from "./framework/enforcement.ts";
import type { Rule } from "./framework/rule.ts";

const HEAD = `# Policies

Every rule of the pack in \`policies/\`, made from the rules themselves: \`npm run policy -- --write-catalogue\`. How one is
added stands in \`policies/README.md\`.

A violation of a *mandatory* rule stops a deployment, an *advisory* one is said and let pass. *Mends* marks what the engine
puts right by itself where the stack's \`policy.remediation\` is \`on\`. Every rule takes \`exemptions\`, each with a resource,
a reason and a last day.
`;

export function catalogue(groups: Readonly<Record<string, readonly Rule[]>>): string {
  const total = Object.values(groups).flat().length;
  const parts = Object.entries(groups).map(([group, rules]) => section(group, rules));
  return [HEAD, `${total} rules.\n`, ...parts].join("\n");
}

function section(group: string, rules: readonly Rule[]): string {
  const rows = rules.map((rule) =>
    [
      `\`${rule.name}\``,
      rule.controls.join(", "),
      rule.description,
      rule.severity,
      levels(rule),
      parameters(rule),
      `${rule.remedy}${mends(rule) ? " *Mends.*" : ""}`,
    ].map(cell),
  );
  const head = ["Rule", "Controls", "What holds", "Severity", "dev / prod", "Takes", "Remedy"];
  return [
    `## ${group}\n`,
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function mends(rule: Rule): boolean {
  return rule.scope === "resource" && rule.mend !== undefined;
}

function levels(rule: Rule): string {
  return `${levelOf(rule, "dev")} / ${levelOf(rule, "prod")}`;
}

/** `stopSeconds` = 10; a parameter without a default is its name alone. */
function parameters({ parameters }: Rule): string {
  const { properties = {} } = z.toJSONSchema(parameters, { io: "input" });
  return Object.entries(properties)
    .map(([name, schema]) => {
      const value = typeof schema === "object" ? schema.default : undefined;
      return value === undefined ? `\`${name}\`` : `\`${name}\` = \`${JSON.stringify(value)}\``;
    })
    .join(", ");
}
