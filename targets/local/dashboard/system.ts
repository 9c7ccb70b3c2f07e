/** `/system.json`, as the web app reads it: which side carries the traffic, how its services are, what is under way. */
import type { SideState } from "../runtime/index.ts";

/** A step of what is under way. */
export interface SystemStep {
  readonly title: string;
  /** `10 %`: what it belongs to. */
  readonly phase: string;
  readonly state: "waiting" | "running" | "done" | "failed" | "skipped";
  /** What it said last; null when it has said nothing yet. */
  readonly says: string | null;
  /** Real seconds that it has taken so far; null before it begins. */
  readonly seconds: number | null;
}

export interface SystemSide {
  readonly name: string;
  /** Which form it runs. */
  readonly target: string;
  /** Percent of the traffic. */
  readonly weight: number;
  readonly services: readonly { readonly name: string; readonly ready: number; readonly wanted: number }[];
}

export interface System {
  readonly v: 1;
  /** When it was written; ISO 8601. */
  readonly time: string;
  /** What a rehearsal is at, in a few words; null when there is none. */
  readonly phase: string | null;
  readonly steps: readonly SystemStep[];
  readonly sides: readonly SystemSide[];
}

/** What is under way. */
export type UnderWay = Pick<System, "phase" | "steps">;

export const NOTHING_UNDER_WAY: UnderWay = { phase: null, steps: [] };

export function systemOf(sides: readonly SystemSide[], underWay: UnderWay, now: Date): System {
  return { v: 1, time: now.toISOString(), ...underWay, sides };
}

/** @param target the form that it runs  @param weight percent of the traffic */
export function systemSide(target: string, weight: number, { workloads }: Pick<SideState, "workloads">): SystemSide {
  const services = Object.entries(workloads).map(([name, { desired, ready }]) => ({ name, ready, wanted: desired }));
  return { name: target, target, weight, services };
}
