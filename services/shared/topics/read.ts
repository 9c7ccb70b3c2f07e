import type { z } from "zod";

export type ReadResult<T> =
  { readonly ok: true; readonly message: T } | { readonly ok: false; readonly reason: string };

const MOST_REASON = 500;

/**
 * A reader of a topic's messages: JSON of version 1 that fits the schema, or why it isn't. Never a throw; what is
 * refused goes to the dead letters with the reason, which holds no part of the message.
 */
export function reader<T>(schema: z.ZodType<T>): (value: Buffer | string | null) => ReadResult<T> {
  return (value) => {
    if (value === null) return { ok: false, reason: "the message has no value" };
    let json: unknown;
    try {
      json = JSON.parse(value.toString());
    } catch {
      return { ok: false, reason: "the value is not JSON" };
    }
    const version = versionOf(json);
    if (version !== "1") return { ok: false, reason: `version ${version}, where 1 is known` };
    const parsed = schema.safeParse(json);
    if (parsed.success) return { ok: true, message: parsed.data };
    const reason = parsed.error.issues.map(
      (issue) => `${issue.path.map(String).join(".") || "value"}: ${issue.message}`,
    );
    return { ok: false, reason: reason.join("; ").slice(0, MOST_REASON) };
  };
}

/**
 * A writer that checks at this end too: a message that its readers would put aside never gets into the topic.
 * @throws z.ZodError for one that does not fit; a slip of ours, not bad input
 */
export function writer<T>(schema: z.ZodType<T>): (message: T) => string {
  return (message) => JSON.stringify(schema.parse(message));
}

function versionOf(json: unknown): string {
  const version = typeof json === "object" && json !== null && "v" in json ? json.v : undefined;
  return typeof version === "number" ? String(version) : "missing";
}
