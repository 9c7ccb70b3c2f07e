/**
 * Which secrets a stack has, never what they are. Pulumi hands them over decrypted, as one JSON text; a stack file has
 * them encrypted, each as `{secure: …}`. Only their names leave this file.
 */
import { z } from "zod";
import type { Problem, Result } from "./model/types.ts";

const encrypted = z.strictObject({ secure: z.string() });
const names = z.record(z.string(), z.unknown());
const values = z.record(z.string(), z.string().min(1));

/** What a person types to set one; the value is asked for, so that no shell keeps it. */
export function secretCommand(stack: string, name: string): string {
  return `pulumi config set --stack ${stack} --secret --path cryptotracker:secrets.${name}`;
}

/** Names, sorted. In plain text in a stack file, or not a text at all: a problem, which shows no value. */
export function readSecretNames(given: unknown, stack: string): Result<readonly string[]> {
  if (given === undefined || encrypted.safeParse(given).success) return { ok: true, value: [] };
  return typeof given === "string" ? fromPulumi(given, stack) : fromFile(given, stack);
}

function fromPulumi(text: string, stack: string): Result<readonly string[]> {
  const found = values.safeParse(parsed(text));
  if (found.success) return { ok: true, value: Object.keys(found.data).sort() };
  const wrong = new Set(found.error.issues.flatMap(({ path: [name] }) => (name === undefined ? [] : [String(name)])));
  return { ok: false, problems: (wrong.size > 0 ? [...wrong] : ["<name>"]).map((name) => unfit(name, stack)) };
}

function fromFile(given: unknown, stack: string): Result<readonly string[]> {
  const found = names.safeParse(given);
  if (!found.success) return { ok: false, problems: [unfit("<name>", stack)] };
  const plain = Object.keys(found.data).filter((name) => !encrypted.safeParse(found.data[name]).success);
  if (plain.length === 0) return { ok: true, value: Object.keys(found.data).sort() };
  return {
    ok: false,
    problems: plain.map((name) => ({
      code: "secret-in-plain-text",
      path: `settings.secrets.${name}`,
      found: "a value that is not encrypted",
      allowed: secretCommand(stack, name),
    })),
  };
}

function unfit(name: string, stack: string): Problem {
  return {
    code: "bad-secret",
    path: `settings.secrets.${name}`,
    found: "something that is not a text",
    allowed: secretCommand(stack, name),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
