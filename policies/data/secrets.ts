/** Keys and secrets. */
import { z } from "zod";
import { comesFrom } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { keys, rotations, secrets } from "./subjects.ts";

export const keyRotated = resourceRule({
  name: "kms-rotation",
  description: "A key's material changes every year.",
  controls: ["KMS.4"],
  severity: "medium",
  remedy: "Set enableKeyRotation to true.",
  on: keys,
  *check({ enableKeyRotation: found, customerMasterKeySpec: spec = "SYMMETRIC_DEFAULT" }) {
    if (!found && spec === "SYMMETRIC_DEFAULT") yield { at: "enableKeyRotation", found, allowed: "true" };
  },
  mend: () => ({ enableKeyRotation: true }),
});

export const keyDeletion = resourceRule({
  name: "kms-deletion-window",
  description: "A key that is deleted by mistake can be had back for some days: with it goes all that it encrypted.",
  controls: ["KMS.3"],
  severity: "high",
  remedy: "Raise deletionWindowInDays.",
  on: keys,
  parameters: z.strictObject({ days: z.int().min(7).max(30).default(14) }),
  *check({ deletionWindowInDays: found = 30 }, { days }) {
    if (found < days) yield { at: "deletionWindowInDays", found: `${found} days`, allowed: `at least ${days} days` };
  },
});

export const secretKey = resourceRule({
  name: "secrets-customer-key",
  description: "A secret is encrypted by a key of the platform's own, which says who may open it.",
  controls: ["SecretsManager.1"],
  severity: "medium",
  remedy: "Set kmsKeyId.",
  on: secrets,
  *check({ kmsKeyId: found }) {
    if (!found) yield { at: "kmsKeyId", found, allowed: "a customer key" };
  },
});

export const secretRotated = stackRule({
  name: "secrets-rotated",
  description: "A secret changes by itself, or its exemption says who changes it.",
  controls: ["SecretsManager.1"],
  severity: "medium",
  remedy: "Add a SecretRotation, or exempt the secret with the reason.",
  over: [secrets],
  parameters: z.strictObject({
    writtenBy: z.record(z.string(), z.string()).default({}).describe("Secret → the one whose rotation writes it too"),
  }),
  *check(graph, { writtenBy }, tell) {
    const rotated = graph
      .all(rotations)
      .filter(({ view }) => known(() => view().rotationRules !== undefined, tell) ?? true)
      .flatMap(({ resource }) => comesFrom(resource, "secretId", secrets));
    const names = new Set(rotated.map(({ name }) => name));
    for (const { resource } of graph.all(secrets)) {
      if (!names.has(resource.name) && !names.has(writtenBy[resource.name] ?? "")) {
        yield { at: resource.name, found: "no rotation", allowed: "a rotation", on: resource };
      }
    }
  },
});

export const rotationOften = resourceRule({
  name: "secrets-rotation-days",
  description: "A secret that changes by itself does so often enough.",
  controls: ["SecretsManager.4"],
  severity: "medium",
  remedy: "Lower rotationRules.automaticallyAfterDays.",
  on: rotations,
  parameters: z.strictObject({ days: z.int().positive().default(90) }),
  *check({ rotationRules }, { days }) {
    const { automaticallyAfterDays: found, scheduleExpression } = rotationRules ?? {};
    if (found === undefined ? scheduleExpression === undefined : found > days) {
      yield { at: "rotationRules.automaticallyAfterDays", found, allowed: `at most ${days}` };
    }
  },
});
