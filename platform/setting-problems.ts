/** What zod says about a setting → a problem in our words: where, what was found, what is allowed. */
import type { z } from "zod";
import type { Problem } from "./model/types.ts";

/** @param root what was parsed, without secrets: values show in the text */
export function toProblem(issue: z.core.$ZodIssue, root: unknown): Problem {
  const path = ["settings", ...issue.path.map(String), ...(issue.code === "unrecognized_keys" ? issue.keys : [])].join(
    ".",
  );
  if (issue.code === "unrecognized_keys") {
    return { code: "unknown-setting", path, found: issue.keys.join(", "), allowed: "only settings that exist" };
  }
  let found: unknown = root;
  for (const part of issue.path) {
    found = typeof found === "object" && found !== null ? (found as Record<PropertyKey, unknown>)[part] : undefined;
  }
  const shown = found === undefined ? "nothing" : JSON.stringify(found);
  return {
    code: "bad-setting",
    path,
    found: shown.length > 80 ? `${shown.slice(0, 77)}…` : shown,
    allowed: issue.message,
  };
}
