/**
 * Do both forms do what the model wants? Each is read back into one Behaviour and compared with the model's, field by
 * field. What differs must lie within a declared loss; anything else is a finding.
 */
import { isDeepStrictEqual } from "node:util";
import type { Behaviour } from "../../platform/model/behaviour.ts";
import type { Model, Problem } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Loss } from "../target.ts";
import { expected } from "./expected.ts";

export interface Difference {
  readonly target: string;
  readonly service: string;
  readonly field: keyof Behaviour;
  readonly wanted: unknown;
  readonly found: unknown;
  /** The declared loss within which it lies; null: nobody declared this. */
  readonly loss: { readonly code: string; readonly kind: "approximate" | "dropped"; readonly because: string } | null;
}

/** One form of a whole stack, read back. */
export interface Side {
  readonly target: string;
  readonly behaviours: Readonly<Record<string, Behaviour>>;
  readonly losses: readonly Loss[];
}

/** Where two forms differ from each other, and by whose leave. */
export interface Between {
  readonly service: string;
  readonly field: keyof Behaviour;
  /** What each form does, by target. */
  readonly found: Readonly<Record<string, unknown>>;
  /** Losses that explain it; empty where each form lies within the field's margin of the model. */
  readonly losses: readonly string[];
}

export interface Parity {
  readonly services: readonly string[];
  readonly fields: readonly (keyof Behaviour)[];
  /** In the order of services and fields; declared losses and findings alike. */
  readonly differences: readonly Difference[];
  readonly between: readonly Between[];
}

/** No later than so many seconds after the model says: a platform's own time between two steps. */
const MARGIN_SECONDS = 15;
/** Kubernetes counts CPU in thousandths, rounded up. */
const CPU_GRAIN = 0.001;

type Same<P extends keyof Behaviour> = (wanted: Behaviour[P], found: Behaviour[P]) => boolean;

/** Fields whose translation is exact though the figure need not be. All others must be equal. */
const WITHIN: { readonly [P in keyof Behaviour]?: Same<P> } = {
  cpu: (wanted, found) => found >= wanted && found - wanted < CPU_GRAIN,
  cpuCap: (wanted, found) =>
    wanted === found || (wanted !== null && found !== null && found >= wanted && found - wanted < CPU_GRAIN),
  stopTimeout: (wanted, found) => found >= wanted && found <= wanted + MARGIN_SECONDS,
  startGrace: (wanted, found) => found >= wanted && found <= wanted + MARGIN_SECONDS,
};

export function isFinding(difference: Difference): boolean {
  return difference.loss === null;
}

/** Findings as problems, for who refuses to begin with any. */
export function parityProblems({ differences }: Parity): readonly Problem[] {
  return differences.filter(isFinding).map(({ service, field, wanted, found, target }) => ({
    code: "parity",
    path: `services.${service}.${field}`,
    found: `${JSON.stringify(found)} on ${target}`,
    allowed: JSON.stringify(wanted),
  }));
}

/** Compares each side with the model, and says where the two forms differ from each other by nobody's leave. */
export function compare(model: Model, settings: Settings, sides: readonly Side[]): Parity {
  const workloads = [...model.workloads].sort((a, b) => (a.name < b.name ? -1 : 1));
  const differences: Difference[] = [];
  let fields: readonly (keyof Behaviour)[] = [];
  for (const workload of workloads) {
    const wanted = expected(workload, model, settings);
    fields = keysOf(wanted);
    for (const side of sides) {
      const found = side.behaviours[workload.name];
      if (found) differences.push(...differencesOf(side, workload.name, wanted, found, fields));
      else
        differences.push({
          target: side.target,
          service: workload.name,
          field: "name",
          wanted: workload.name,
          found: null,
          loss: null,
        });
    }
  }
  const services = workloads.map(({ name }) => name);
  return { services, fields, differences, between: betweenOf(services, fields, sides, differences) };
}

/** Each form is judged against the model; what they do differently from each other follows, and is said all the same. */
function betweenOf(
  services: readonly string[],
  fields: readonly (keyof Behaviour)[],
  sides: readonly Side[],
  differences: readonly Difference[],
): readonly Between[] {
  const losses = new Map<string, string[]>();
  for (const { target, service, field, loss } of differences) {
    const key = `${service}/${field}`;
    losses.set(key, [...(losses.get(key) ?? []), loss ? `${target} ${loss.code}` : `${target} undeclared`]);
  }
  return services.flatMap((service) =>
    fields.flatMap((field) => {
      const found = sides.flatMap(({ target, behaviours }) => {
        const behaviour = behaviours[service];
        return behaviour ? [[target, behaviour[field]] as const] : [];
      });
      const [first] = found;
      if (!first || found.every(([, value]) => isDeepStrictEqual(value, first[1]))) return [];
      return [{ service, field, found: Object.fromEntries(found), losses: losses.get(`${service}/${field}`) ?? [] }];
    }),
  );
}

function differencesOf(
  side: Side,
  service: string,
  wanted: Behaviour,
  found: Behaviour,
  fields: readonly (keyof Behaviour)[],
): Difference[] {
  return fields
    .filter((field) => !same(field, wanted, found))
    .map((field) => {
      const loss = side.losses.find((rule) => rule.path === field && rule.accepts(wanted, found));
      return {
        target: side.target,
        service,
        field,
        wanted: wanted[field],
        found: found[field],
        loss: loss ? { code: loss.code, kind: loss.kind, because: loss.because } : null,
      };
    });
}

/** True when what is found is what is wanted, or lies within the field's margin. */
export function same<P extends keyof Behaviour>(field: P, wanted: Behaviour, found: Behaviour): boolean {
  const within: Same<P> | undefined = WITHIN[field];
  return within ? within(wanted[field], found[field]) : isDeepStrictEqual(wanted[field], found[field]);
}

function keysOf(behaviour: Behaviour): readonly (keyof Behaviour)[] {
  // A Behaviour is built by this project and has no other keys than the type's.
  return Object.keys(behaviour) as (keyof Behaviour)[];
}
