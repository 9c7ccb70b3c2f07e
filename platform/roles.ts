/** What a stack holds, from its settings: a foundation, workloads, both, or the weights between two sides. Pure. */
import { z } from "zod";
import type { Problem } from "./model/types.ts";

/**
 * `full`: foundation and workloads. `foundation`: that alone. `attached`: workloads on another stack's foundation.
 * `traffic`: the weights, and nothing else.
 */
export type Role = "full" | "foundation" | "attached" | "traffic";

/** A stack's name, as Pulumi takes it. */
export const attachedTo = z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/, "a stack's name");

export function roleOf({ target, foundation }: { readonly target: string; readonly foundation?: string | undefined }) {
  if (foundation !== undefined) return "attached";
  return target === "none" ? "foundation" : "full";
}

/** One side with the seed's names can stand beside each attached one, whose name is its own in the account. */
export function prefixOf(role: Role, { project, stack }: { readonly project: string; readonly stack: string }): string {
  return role === "attached" ? stack : project;
}

/** As long as `cryptotracker`, so that every name which fits one stack fits the other. */
const LONGEST = 13;
const FITTING = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
/** @source ECS CreateCapacityProvider, ELB CreateTargetGroup, EC2 CreateSecurityGroup, 2026-11 */
const RESERVED = /^(aws|ecs|fargate|internal-|sg-)/;

type Raw = Readonly<Record<string, unknown>>;

/** Settings that are fine each by itself and not together. @param own as they were given, before any default */
export function roleProblems(stack: string, own: Raw): readonly Problem[] {
  return [...(own["foundation"] === undefined ? [] : attachedProblems(stack, own)), ...replicaProblems(own)];
}

/** A setting that the stack's role has no use for. Its value stays out of the text: it may be a secret. */
export function holds(setting: string, allowed: string): Problem {
  return { code: "role-holds", path: `settings.${setting}`, found: "a value", allowed };
}

function attachedProblems(stack: string, { foundation, target }: Raw): readonly Problem[] {
  const problems: Problem[] = [];
  if (target === "none") {
    problems.push(holds("foundation", "nothing with target: none, for there is nothing to attach; or a target"));
  } else if (target === undefined || target === "kubernetes") {
    const allowed = "ecs or eks: a plain cluster has stores of its own";
    const found = target === undefined ? "nothing" : target;
    problems.push({ code: "attached-target", path: "settings.target", found, allowed });
  }
  if (foundation === stack) problems.push(itself("settings.foundation", stack));
  if (!FITTING.test(stack) || RESERVED.test(stack) || stack.length > LONGEST) {
    problems.push({
      code: "attached-name",
      path: "settings.foundation",
      found: `a stack named ${stack}`,
      allowed: `a name of a–z, 0–9 and -, at most ${LONGEST} characters, that AWS has not reserved (aws, ecs, fargate, internal-, sg-): its resources begin with it`,
    });
  }
  return problems;
}

export function itself(path: string, stack: string): Problem {
  return { code: "attached-itself", path, found: `${stack}, the stack itself`, allowed: "another stack" };
}

function replicaProblems({ replicas, target }: Raw): readonly Problem[] {
  const none = typeof replicas !== "object" || replicas === null || Object.keys(replicas).length === 0;
  if (none || (target !== "none" && target !== "kubernetes")) return [];
  return [holds("replicas", "nothing: by hand go the sides of a migration, which are ecs or eks")];
}
