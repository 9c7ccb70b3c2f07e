/** Severity → what a violation does. A stack's configuration file says it rule by rule; this is where it comes from. */
import type { EnforcementLevel } from "@pulumi/policy";
import type { Rule, Severity } from "./rule.ts";

export type Profile = "dev" | "prod";
/** What may be done to what can be mended safely: nothing, a word, or the mending itself. */
export type Remediation = "off" | "advisory" | "on";

const LEVELS: Readonly<Record<Profile, Readonly<Record<Severity, EnforcementLevel>>>> = {
  dev: { critical: "mandatory", high: "mandatory", medium: "advisory", low: "advisory" },
  prod: { critical: "mandatory", high: "mandatory", medium: "mandatory", low: "advisory" },
};

/** How hard a rule is enforced on a stack of this kind. */
export function levelOf(rule: Rule, profile: Profile, remediation: Remediation = "off"): EnforcementLevel {
  if (rule.scope === "stack" || rule.mend === undefined || remediation === "off") return LEVELS[profile][rule.severity];
  return remediation === "on" ? "remediate" : "advisory";
}
