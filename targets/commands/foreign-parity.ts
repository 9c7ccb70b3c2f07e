/** `npm run parity -- --ecs FILE… --kubernetes FILE…`: two forms that we did not compile, side by side. */
import type { Problem, Result } from "../../platform/model/types.ts";
import { compareSides, readSide, type Finding, type ForeignParity, type Note } from "../foreign/index.ts";
import { noteLines } from "./foreign-notes.ts";

export interface ForeignFiles {
  readonly ecs: readonly string[];
  readonly kubernetes: readonly string[];
  /** `shop-api=api`: names that mean the same workload. */
  readonly pairs: readonly string[];
}

/** All that is unreadable on either side at once, or the comparison. */
export function foreignParityOf({ ecs, kubernetes, pairs }: ForeignFiles): Result<ForeignParity> {
  const given = pairsOf(pairs);
  if (ecs.length === 0 || kubernetes.length === 0) return oneSided(ecs.length === 0 ? "ecs" : "kubernetes");
  const [left, right] = [readSide(ecs, "ecs"), readSide(kubernetes, "kubernetes")];
  if (left.ok && right.ok && given.ok) return { ok: true, value: compareSides(left.value, right.value, given.value) };
  return { ok: false, problems: [left, right, given].flatMap((each) => (each.ok ? [] : each.problems)) };
}

function oneSided(missing: string): Result<never> {
  const path = `--${missing}`;
  return refuse({ code: "foreign-one-sided", path, found: "no file", allowed: "at least one file on either side" });
}

function pairsOf(pairs: readonly string[]): Result<ReadonlyMap<string, string>> {
  const split = pairs.map((each) => [each, /^([^=]+)=([^=]+)$/.exec(each)] as const);
  const [wrong] = split.find(([, match]) => !match) ?? [];
  if (wrong !== undefined) {
    const allowed = "<name on ECS>=<name on Kubernetes>";
    return refuse({ code: "foreign-pair", path: "--pair", found: wrong, allowed });
  }
  return { ok: true, value: new Map(split.map(([, match]) => [match?.[1] ?? "", match?.[2] ?? ""])) };
}

function refuse(problem: Problem): Result<never> {
  return { ok: false, problems: [problem] };
}

const HEADS = { differs: "differs", missing: "missing", near: "near", untold: "can't be told" } as const;

/** For each workload what differs, is missing, is as near as may be and can't be told, then what agrees. */
export function foreignParityReport({ pairs, findings, notes }: ForeignParity): string {
  const alone = findings.filter(({ field, container }) => field === "workload" && container === null);
  const sections = pairs.map(({ ecs, kubernetes, where }) => {
    const own = findings.filter(({ workload, field }) => workload === ecs && field !== "workload");
    const agreeing = own.filter(({ verdict }) => verdict === "agrees").map(nameOf);
    const verdicts = (["differs", "missing", "near", "untold"] as const).flatMap((verdict) =>
      own.filter((each) => each.verdict === verdict).map((each) => line(HEADS[verdict], each)),
    );
    const title = ecs === kubernetes ? ecs : `${ecs} on ECS, ${kubernetes} on Kubernetes`;
    return [`${title} (${where.join("; ")})`, ...verdicts, `  agrees         ${agreeing.join(", ")}`].join("\n");
  });
  return [
    ...alone.map(({ workload, ecs, kubernetes }) => missingLine(workload, ecs, kubernetes)),
    ...sections,
    ...noteLines(notes),
    verdictLine(findings, notes),
  ].join("\n\n");
}

function missingLine(workload: string, ecs: unknown, kubernetes: unknown): string {
  const [there, not] = ecs === null ? [kubernetes, "ECS"] : [ecs, "Kubernetes"];
  return `${workload} (${String(there)}) is missing on ${not}`;
}

function nameOf({ container, field }: Finding): string {
  return container === null ? field : `${container}: ${field}`;
}

function line(head: string, finding: Finding): string {
  const { ecs, kubernetes, because } = finding;
  const values = `ECS ${text(ecs)}, Kubernetes ${text(kubernetes)}`;
  return `  ${head.padEnd(14)} ${nameOf(finding)}: ${values}${because === undefined ? "" : `; ${because}`}`;
}

const LONGEST = 160;

function text(value: unknown): string {
  if (value === null || value === undefined) return "–";
  const whole = JSON.stringify(value);
  return whole.length <= LONGEST ? whole : `${whole.slice(0, LONGEST)}…`;
}

function verdictLine(findings: readonly Finding[], notes: readonly Note[]): string {
  const count = (verdict: Finding["verdict"]): number => findings.filter((each) => each.verdict === verdict).length;
  const unknown = notes.filter(({ kind }) => kind === "unknown").length;
  return [
    `${count("agrees")} agree, ${count("near")} nearly, ${count("differs")} differ, ${count("missing")} are missing,`,
    `${count("untold")} can't be told${unknown > 0 ? `; ${unknown} fields are not known to us` : ""}`,
  ].join(" ");
}
