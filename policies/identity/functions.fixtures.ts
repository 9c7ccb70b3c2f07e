import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./functions.ts";

const CALL = { action: "lambda:InvokeFunction", function: "rotation" };
const RULE = "arn:aws:events:us-east-1:123456789012:rule/nightly";
const ROLE = { role: "arn:aws:iam::123456789012:role/rotation" };

export const fixtures: FixturesOf<typeof rules> = {
  functionNotPublic: {
    compliant: { ...CALL, principal: "events.amazonaws.com", sourceArn: RULE },
    violating: [{ given: { ...CALL, principal: "*" }, found: "principal: found *" }],
    decides: "principal",
    absent: "kept",
  },
  functionSource: {
    compliant: { ...CALL, principal: "events.amazonaws.com", sourceArn: RULE },
    violating: [{ given: { ...CALL, principal: "events.amazonaws.com" }, found: "sourceArn: found nothing" }],
    decides: "sourceArn",
    absent: "broken",
  },
  functionRuntime: {
    compliant: { ...ROLE, runtime: "nodejs22.x" },
    violating: [{ given: { ...ROLE, runtime: "nodejs16.x" }, found: "found nodejs16.x" }],
    decides: "runtime",
    absent: "broken",
    configured: [
      { config: { runtimes: ["ruby3.4"] }, given: { ...ROLE, runtime: "ruby3.4" }, then: "kept" },
      { config: { runtimes: ["ruby3.4"] }, given: { ...ROLE, runtime: "nodejs22.x" }, then: "broken" },
    ],
  },
};
