/** Settings of a stack that holds the weights: `traffic`, `sides`, `foundation`, and nothing else. Pure. */
import { z } from "zod";
import type { Problem, Result } from "./model/types.ts";
import { attachedTo, holds, itself } from "./roles.ts";
import { toProblem } from "./setting-problems.ts";

export interface Identity {
  readonly project: string;
  readonly stack: string;
  readonly region: string;
}

export interface TrafficSettings extends Identity {
  readonly role: "traffic";
  /** The stack that both sides hang on, or that one of them is. */
  readonly foundation: string;
  /** Side → the stack whose routes lead to it. */
  readonly sides: Readonly<Record<string, string>>;
  /** Side → whole percents; together 100. */
  readonly traffic: Readonly<Record<string, number>>;
}

const side = z.string().regex(/^[a-z][a-z0-9-]*$/, "a side's name");
const schema = z.object({
  foundation: attachedTo,
  sides: z.record(side, attachedTo),
  traffic: z.record(side, z.int("a whole number of percents").min(0).max(100)),
});
const KEYS = Object.keys(schema.shape);

/** @param own as they were given */
export function parseTraffic(own: Readonly<Record<string, unknown>>, identity: Identity): Result<TrafficSettings> {
  const others = Object.keys(own)
    .filter((key) => !KEYS.includes(key))
    .map((key) =>
      holds(key, `nothing beside traffic: a stack that holds weights has ${KEYS.join(", ")} and no workloads`),
    );
  const parsed = schema.safeParse(own);
  const problems = parsed.success
    ? inconsistencies(parsed.data, identity.stack)
    : parsed.error.issues.map((issue) => toProblem(issue, own));
  if (!parsed.success || others.length + problems.length > 0) return { ok: false, problems: [...others, ...problems] };
  return { ok: true, value: { ...identity, ...parsed.data, role: "traffic" } };
}

function inconsistencies({ foundation, sides, traffic }: z.infer<typeof schema>, stack: string): readonly Problem[] {
  const sum = Object.values(traffic).reduce((total, weight) => total + weight, 0);
  const strange = Object.keys(traffic).filter((name) => !Object.hasOwn(sides, name));
  const twice = Object.entries(sides).filter(([name, of], index, all) =>
    all.slice(0, index).some(([other, same]) => other !== name && same === of),
  );
  return [
    ...(sum === 100
      ? []
      : [
          {
            code: "weights",
            path: "settings.traffic",
            found: `${sum} percent together`,
            allowed: "100 percent together",
          },
        ]),
    ...strange.map((name) => ({
      code: "weights-side",
      path: `settings.traffic.${name}`,
      found: JSON.stringify(name),
      allowed: `a side that settings.sides names: ${Object.keys(sides).join(", ") || "none yet"}`,
    })),
    ...twice.map(([name, of]) => ({
      code: "weights-side",
      path: `settings.sides.${name}`,
      found: `${of}, which is another side's`,
      allowed: "a stack of its own for each side",
    })),
    ...(foundation === stack ? [itself("settings.foundation", stack)] : []),
    ...Object.entries(sides).flatMap(([name, of]) => (of === stack ? [itself(`settings.sides.${name}`, stack)] : [])),
  ];
}
