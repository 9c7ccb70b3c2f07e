import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./logs.ts";

const ROLE = { role: "arn:aws:iam::123456789012:role/rotation" };
const TAGS = { project: "platform", stack: "dev" };

export const fixtures: FixturesOf<typeof rules> = {
  logRetention: {
    compliant: { retentionInDays: 30 },
    violating: [
      { given: { retentionInDays: 0 }, found: "found for ever" },
      { given: { retentionInDays: 3653 }, found: "found 3653" },
      { given: { retentionInDays: 1 }, found: "found 1" },
    ],
    decides: "retentionInDays",
    absent: "broken",
    configured: [
      { config: { leastDays: 90 }, given: { retentionInDays: 30 }, then: "broken" },
      { config: { mostDays: 3653 }, given: { retentionInDays: 3653 }, then: "kept" },
    ],
  },
  logGroupKept: {
    compliant: { skipDestroy: false },
    violating: [{ given: { skipDestroy: true }, found: "found true" }],
    decides: "skipDestroy",
    absent: "kept",
  },
  functionLog: {
    compliant: { ...ROLE, loggingConfig: { logFormat: "JSON", logGroup: "/aws/lambda/rotation" } },
    violating: [{ given: { ...ROLE, loggingConfig: { logFormat: "JSON" } }, found: "logGroup: found nothing" }],
    decides: "loggingConfig",
    absent: "broken",
  },
  tagsPresent: {
    compliant: { tags: TAGS },
    violating: [{ given: { tags: { project: "platform" } }, found: "found not stack" }],
    decides: "tags",
    absent: "broken",
    configured: [
      { config: { tags: ["owner"] }, given: { tags: TAGS }, then: "broken" },
      { config: { tags: [] }, given: {}, then: "kept" },
    ],
  },
};
