/** The drills: what is broken in each, how it must end, and what is judged of how it did end. Pure. */
import type { Evidence } from "./evidence.ts";

/** `killed` ends without evidence; what counts is how the next start ends, and that nothing was left behind. */
export type Expected = "rolledBack" | "settled" | "killedThenSettled";

export interface Drill {
  /** The fault's name. */
  readonly name: string;
  /** For people: when in the migration it strikes. */
  readonly when: string;
  readonly expected: Expected;
  /** Steps of which one must fail; empty where none may. */
  readonly failsAt: readonly string[];
  /** Model seconds in one real second. */
  readonly speed: number;
  /** What it takes on two cores, for the announcement. */
  readonly seconds: number;
}

/** For those that never get to a gate, or fail at the first one by what a few requests show. */
const FAST = 20;
/** The first gate sees 1 % of the requests, and needs most of its patience for enough of them. */
const PATIENT = 10;
const AT_50 = "at 50 %";

export const DRILLS: readonly Drill[] = [
  rollsBack("crash-on-boot", "from the start", ["deploy"], FAST, 55),
  rollsBack("wrong-secret", "from the start", ["deploy"], FAST, 75),
  rollsBack("slow", "from the start", ["gate-1"], FAST, 70),
  rollsBack("errors", "from the start", ["gate-1", "gate-10"], PATIENT, 90),
  rollsBack("slow-under-load", "above 50 %", ["gate-100"], PATIENT, 120),
  rollsBack("leak", "with each request", ["gate-50", "gate-100"], PATIENT, 120),
  rollsBack("postgres-killed", AT_50, ["gate-50"], PATIENT, 100),
  goesThrough("redis-killed", AT_50, 145),
  goesThrough("kafka-killed", AT_50, 145),
  goesThrough("router-crash", AT_50, 145),
  goesThrough("poison", AT_50, 145),
  goesThrough("two-leaders", "at 100 %", 150),
  { ...goesThrough("killed", AT_50, 210), expected: "killedThenSettled" },
];

function rollsBack(name: string, when: string, failsAt: readonly string[], speed: number, seconds: number): Drill {
  return { name, when, expected: "rolledBack", failsAt, speed, seconds };
}

function goesThrough(name: string, when: string, seconds: number): Drill {
  return { name, when, expected: "settled", failsAt: [], speed: PATIENT, seconds };
}

/** What a drill needs of the evidence. */
export type DrillEvidence = Pick<
  Evidence,
  "ending" | "headline" | "failures" | "steps" | "waysBack" | "totals" | "accounts" | "faultMilliseconds"
>;

/** How it went: what the run left, and what was seen from outside. */
export interface Seen {
  /** Of the last run; null when there is none. */
  readonly evidence: DrillEvidence | null;
  /** The first run ended by SIGKILL. */
  readonly killed: boolean;
  /** The start after it said that the one before did not end. */
  readonly toldOfKill: boolean;
  /** Processes and files that outlived a run. */
  readonly leftBehind: readonly string[];
}

export interface DrillResult {
  readonly name: string;
  /** What was broken, in a sentence. */
  readonly broken: string;
  readonly when: string;
  readonly expected: Expected;
  /** How it ended; `none` for a run without evidence. */
  readonly ended: Expected | Evidence["ending"] | "none";
  readonly asExpected: boolean;
  /** Each thing that is not as it must be, a sentence each. */
  readonly wrong: readonly string[];
  readonly headline: string;
  /** Real milliseconds from the failed gate until the old side was read back at 100 %; null without a way back. */
  readonly fromGateMilliseconds: number | null;
  /** The same from the fault on, where that strikes at a moment of its own. */
  readonly fromFaultMilliseconds: number | null;
  readonly lost: number | null;
  readonly doubled: number | null;
}

export function judgeDrill({ name, when, expected, failsAt }: Drill, broken: string, seen: Seen): DrillResult {
  const { evidence } = seen;
  const ended = endedOf(seen);
  const totals = evidence && evidence.accounts.length > 0 ? evidence.totals : null;
  const [failed] = evidence?.failures ?? [];
  const wrong = [
    ...(ended === expected ? [] : [`It ended ${ENDED[ended]} and not ${ENDED[expected]}.`]),
    ...(failsAt.length === 0 || (failed && failsAt.includes(failed.step))
      ? []
      : [`${failed ? `Step ${failed.step}` : "No step"} failed, and not ${failsAt.join(" or ")}.`]),
    ...(totals ? [] : ["Nothing was accounted for."]),
    ...(totals && totals.lost + totals.doubled > 0 ? [`lost: ${totals.lost}, doubled: ${totals.doubled}.`] : []),
    ...(seen.killed && !seen.toldOfKill ? ["The next start did not say that the one before had not ended."] : []),
    ...seen.leftBehind.map((what) => `${what} was left behind.`),
  ];
  return {
    ...{ name, broken, when, expected, ended, wrong },
    asExpected: wrong.length === 0,
    headline: evidence?.headline ?? "",
    ...wayBackOf(evidence),
    lost: totals?.lost ?? null,
    doubled: totals?.doubled ?? null,
  };
}

function endedOf({ evidence, killed }: Seen): DrillResult["ended"] {
  if (!evidence) return "none";
  return killed && evidence.ending === "settled" ? "killedThenSettled" : evidence.ending;
}

function wayBackOf(
  evidence: DrillEvidence | null,
): Pick<DrillResult, "fromGateMilliseconds" | "fromFaultMilliseconds"> {
  const way = evidence?.waysBack.find(({ because }) => because === "failure");
  const step = evidence?.steps.find(({ id }) => id === way?.step);
  if (!evidence || !way || !step) return { fromGateMilliseconds: null, fromFaultMilliseconds: null };
  const { faultMilliseconds } = evidence;
  const backAt = step.startMilliseconds + way.trafficMilliseconds;
  return {
    fromGateMilliseconds: way.trafficMilliseconds,
    fromFaultMilliseconds: faultMilliseconds === null ? null : backAt - faultMilliseconds,
  };
}

/** As people say it. */
export const ENDED: Readonly<Record<DrillResult["ended"], string>> = {
  rolledBack: "rolled back",
  settled: "went through",
  killedThenSettled: "killed, then went through",
  refused: "refused",
  failed: "failed",
  interrupted: "interrupted",
  held: "held",
  none: "without evidence",
};

/** The drills of those names in the table's order, or the names that there are none of. `all` is every one. */
export function chooseDrills(
  names: readonly string[],
): { readonly drills: readonly Drill[] } | { readonly unknown: readonly string[] } {
  const unknown = names.filter((name) => name !== "all" && !DRILLS.some((drill) => drill.name === name));
  if (unknown.length > 0) return { unknown };
  return { drills: names.includes("all") ? DRILLS : DRILLS.filter(({ name }) => names.includes(name)) };
}
