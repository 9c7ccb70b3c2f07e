/** The page of all losses, docs/losses.md: what a target cannot say, within which bounds, and what to do about it. */
import type { Loss } from "../target.ts";

/** Markdown. @param targets name → its declared losses, in the order of the page */
export function lossesPage(targets: Readonly<Record<string, readonly Loss[]>>): string {
  const byCode = new Map<string, { readonly loss: Loss; readonly on: string[]; readonly fields: string[] }>();
  for (const [target, losses] of Object.entries(targets)) {
    for (const loss of losses) {
      const known = byCode.get(loss.code) ?? { loss, on: [], fields: [] };
      if (!known.on.includes(target)) known.on.push(target);
      if (!known.fields.includes(loss.path)) known.fields.push(loss.path);
      byCode.set(loss.code, known);
    }
  }
  const sections = [...byCode.values()].map(
    ({ loss, on, fields }) =>
      `## ${loss.code}\n\n` +
      `On ${listed(on)}; ${loss.kind}; ${fields.map((field) => `\`${field}\``).join(", ")}.\n\n` +
      `${loss.because}\n\n**What to do.** ${loss.remedy}\n`,
  );
  return `${HEAD}\n${sections.join("\n")}`;
}

const HEAD = `# Losses

What a target cannot say as the model means it. \`npm run parity\` finds each one that a stack has, judges it by bounds
(never a whole field is waived) and fails on every difference that is not declared here. *Approximate*: the target does
nearly the same. *Dropped*: it does nothing of the kind.

This page is made from the rules in \`targets/*/losses.ts\`; a test keeps it current.
`;

function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
