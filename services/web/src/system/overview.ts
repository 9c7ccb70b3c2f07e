/**
 * `GET /system.json`: what runs where. Served by the router of `npm start` and of a rehearsal; a deployed stack has no
 * such file, and the page says so.
 */
import * as z from "zod/mini";

const service = z.object({
  name: z.string(),
  /** Ready to work now. */
  ready: z.number(),
  /** That there should be. */
  wanted: z.number(),
});

const side = z.object({
  /** `blue`, `green`. */
  name: z.string(),
  /** Which form it runs: ecs, eks, kubernetes. */
  target: z.string(),
  /** Its share of new requests, in the router's units; 0 gets none. */
  weight: z.number(),
  services: z.array(service),
});

const step = z.object({
  title: z.string(),
  state: z.enum(["waiting", "running", "done", "failed", "skipped"]),
  /** What it said last. */
  says: z.nullable(z.string()),
  /** That it has taken so far. */
  seconds: z.nullable(z.number()),
});
export type Step = z.infer<typeof step>;

const systemOverview = z.object({
  v: z.literal(1),
  /** When it was written; ISO 8601. */
  time: z.string(),
  /** What a rehearsal is at, in a few words; null when none runs. */
  phase: z.nullable(z.string()),
  /** Of the rehearsal, in their order. */
  steps: z.optional(z.array(step)),
  sides: z.array(side),
});
export type SystemOverview = z.infer<typeof systemOverview>;
export type Side = z.infer<typeof side>;

/** undefined where nothing offers it, or something else than we know. */
export async function readOverview(fetch: typeof globalThis.fetch): Promise<SystemOverview | undefined> {
  const response = await fetch("/system.json", { cache: "no-store", headers: { accept: "application/json" } });
  if (!response.ok || !(response.headers.get("content-type") ?? "").includes("json")) return undefined;
  const read = systemOverview.safeParse(await response.json());
  return read.success ? read.data : undefined;
}

/** `ecs`, or where the name is not the form's own, `blue (ecs)`. */
export const sideTitle = ({ name, target }: Side): string => (name === target ? name : `${name} (${target})`);

/** Percent of new requests. */
export function shareOf(side: Side, sides: readonly Side[]): number {
  const total = sides.reduce((sum, { weight }) => sum + weight, 0);
  return total === 0 ? 0 : (side.weight / total) * 100;
}

/** Every service of either side, in the order of their names. */
export function serviceNames(sides: readonly Side[]): readonly string[] {
  return [...new Set(sides.flatMap(({ services }) => services.map(({ name }) => name)))].sort();
}
