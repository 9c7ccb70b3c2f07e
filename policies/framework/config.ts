/** A rule's configuration: its own parameters, and exemptions, which every rule takes. One schema for engine and command. */
import { z } from "zod";
import type { PolicyConfigSchema } from "@pulumi/policy";
import type { Rule } from "./rule.ts";

const exemption = z.strictObject({
  /** The resource's name; `*` for the stack as a whole. */
  resource: z.string().min(1),
  /** Why this one may, for whoever asks later. */
  reason: z.string().min(10, "a reason that someone else understands"),
  /** The last day on which it counts; after that it is itself a violation. */
  until: z.iso.date("a day, 2027-03-31"),
});

export type Exemption = Readonly<z.infer<typeof exemption>>;

export interface Settled {
  readonly parameters: unknown;
  readonly exemptions: readonly Exemption[];
}

function schemaOf({ parameters }: Rule) {
  return z.strictObject({ ...parameters.shape, exemptions: z.array(exemption).default([]) });
}

/** What the engine checks a pack's configuration by, defaults included. */
export function configSchema(rule: Rule): PolicyConfigSchema {
  const { properties = {}, required } = z.toJSONSchema(schemaOf(rule), { io: "input", target: "draft-7" });
  return { properties: properties as PolicyConfigSchema["properties"], ...(required ? { required } : {}) };
}

/**
 * Configuration with its defaults filled in.
 * @throws ConfigError naming every field that is not as it should be
 */
export function settle(rule: Rule, config: unknown): Settled {
  const parsed = schemaOf(rule).safeParse(config ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${[rule.name, ...path].join(".")}: ${message}`);
    throw new ConfigError(problems.join("\n"));
  }
  const { exemptions, ...parameters } = parsed.data;
  return { parameters, exemptions };
}

export class ConfigError extends Error {}
