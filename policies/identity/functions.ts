/** Lambda: who may call a function, and what it runs on. */
import { z } from "zod";
import { resourceRule } from "../framework/rule.ts";
import { ANYBODY } from "./document.ts";
import { functionPermissions, functions } from "./subjects.ts";

export const functionNotPublic = resourceRule({
  name: "lambda-not-public",
  description: "A function is called by who is named, never by anybody.",
  controls: ["Lambda.1"],
  severity: "critical",
  remedy: "Name the service or the account in principal.",
  on: functionPermissions,
  *check({ principal: found }) {
    if (found === ANYBODY) yield { at: "principal", found, allowed: "a name" };
  },
});

export const functionSource = resourceRule({
  name: "lambda-permission-source",
  description: "A service calls a function for one resource of this account, not for whoever names the function.",
  controls: ["Lambda.1"],
  severity: "high",
  remedy: "Set sourceArn, or sourceAccount.",
  on: functionPermissions,
  *check({ principal, sourceArn, sourceAccount, principalOrgId }) {
    if (!principal?.endsWith(".amazonaws.com")) return;
    if (sourceArn === undefined && sourceAccount === undefined && principalOrgId === undefined) {
      yield { at: "sourceArn", found: undefined, allowed: "the resource that it calls for" };
    }
  },
});

/** @source Lambda developer guide, "Supported runtimes", 2026-11; those that end within a year left out */
const RUNTIMES = ["nodejs22.x", "nodejs24.x", "python3.13", "python3.14", "java25", "provided.al2023"];

export const functionRuntime = resourceRule({
  name: "lambda-runtime",
  description: "A function runs on what still gets fixes.",
  controls: ["Lambda.2"],
  severity: "medium",
  remedy: "Set runtime to one of those that are named.",
  on: functions,
  parameters: z.strictObject({ runtimes: z.array(z.string()).default(RUNTIMES) }),
  *check({ runtime: found, packageType = "Zip" }, { runtimes }) {
    if (packageType === "Zip" && (found === undefined || !runtimes.includes(found))) {
      yield { at: "runtime", found, allowed: runtimes.join(", ") };
    }
  },
});
