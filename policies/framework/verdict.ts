/** A judgement in the light of the exemptions: what is wrong, what is let pass and until when, what nobody knows yet. */
import type { Exemption } from "./config.ts";
import type { Judgement } from "./judgement.ts";
import type { Finding } from "./finding.ts";

export interface Verdict {
  readonly violations: readonly Finding[];
  readonly exempt: readonly { readonly finding: Finding; readonly exemption: Exemption }[];
  readonly unknown: readonly string[];
}

/** The name by which a configuration exempts what belongs to no resource. */
export const WHOLE_STACK = "*";

/** @param today `2026-11-30` */
export function verdict(judgement: Judgement, exemptions: readonly Exemption[], today: string): Verdict {
  const valid = exemptions.filter(({ until }) => until >= today);
  const [only] = judgement.over.length === 1 ? judgement.over : [];
  const violations: Finding[] = expired(judgement, exemptions, today);
  const exempt: { finding: Finding; exemption: Exemption }[] = [];
  for (const finding of judgement.findings) {
    const name = (finding.on ?? only)?.name ?? WHOLE_STACK;
    const exemption = valid.find(({ resource }) => resource === name);
    if (exemption) exempt.push({ finding, exemption });
    else violations.push(finding);
  }
  return { violations, exempt, unknown: judgement.unknown };
}

/** Whoever let it run out has forgotten it: said even where the resource is in order again. */
function expired({ over }: Judgement, exemptions: readonly Exemption[], today: string): Finding[] {
  const names = new Map(over.map((resource) => [resource.name, resource]));
  return exemptions
    .filter(({ resource, until }) => until < today && (resource === WHOLE_STACK || names.has(resource)))
    .map(({ resource, until, reason }) => ({
      at: `exemption of ${resource}`,
      found: `expired on ${until} (${reason})`,
      allowed: "a day to come, or no exemption",
      ...(names.has(resource) ? { on: names.get(resource) } : {}),
    }));
}

/** What a person reads, the rule's own sentence apart. */
export function message({ at, found, allowed }: Finding, remedy: string): string {
  return `${at}: found ${found === undefined ? "nothing" : String(found)}; allowed: ${allowed}. ${remedy}`;
}

export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
