/** Logs and tags: what is known afterwards, and of whom. */
import { z } from "zod";
import { resourceRule } from "../framework/rule.ts";
import { functions } from "../identity/subjects.ts";
import { logGroups, tagged } from "./subjects.ts";

export const logRetention = resourceRule({
  name: "logs-retention",
  description: "Logs are kept for some time, and not for ever.",
  controls: ["CloudWatch.16"],
  severity: "medium",
  remedy: "Set retentionInDays.",
  on: logGroups,
  parameters: z.strictObject({
    leastDays: z.int().positive().default(14),
    mostDays: z.int().positive().default(400).describe("A year and some weeks to look back from"),
  }),
  *check({ retentionInDays: found = 0 }, { leastDays, mostDays }) {
    // 0 is for ever.
    if (found < leastDays || found > mostDays) {
      yield { at: "retentionInDays", found: found === 0 ? "for ever" : found, allowed: `${leastDays} to ${mostDays}` };
    }
  },
});

export const logGroupKept = resourceRule({
  name: "logs-not-skipped",
  description: "A log group that leaves the program leaves the account too, or nobody knows of it any more.",
  controls: ["CloudWatch.16"],
  severity: "low",
  remedy: "Leave skipDestroy out.",
  on: logGroups,
  *check({ skipDestroy: found }) {
    if (found) yield { at: "skipDestroy", found, allowed: "false" };
  },
});

export const functionLog = resourceRule({
  name: "lambda-log-group",
  description: "A function writes to a log group of the program's, not to one that Lambda makes and keeps for ever.",
  controls: ["CloudWatch.16"],
  severity: "medium",
  remedy: "Set loggingConfig.logGroup.",
  on: functions,
  *check({ loggingConfig }) {
    const found = loggingConfig?.logGroup;
    if (!found) yield { at: "loggingConfig.logGroup", found, allowed: "a log group" };
  },
});

export const tagsPresent = resourceRule({
  name: "tags-present",
  description: "What has a price or holds data says whose it is.",
  controls: ["Tagging"],
  severity: "medium",
  remedy: "Set the tags that are named.",
  on: tagged,
  parameters: z.strictObject({
    tags: z.array(z.string()).default(["project", "stack"]).describe("Add owner, cost centre or class of data"),
  }),
  *check({ tags: found = {} }, { tags }) {
    const missing = tags.filter((tag) => !found[tag]);
    if (missing.length > 0) yield { at: "tags", found: `not ${missing.join(", ")}`, allowed: tags.join(", ") };
  },
});
