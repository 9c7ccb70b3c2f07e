/** The sides that weights name, as their stacks say: where their routes lead, and whether they can share anything. */
import { z } from "zod";
import { readOutputs } from "../../platform/foundation/index.ts";
import type { Problem, Result } from "../../platform/model/types.ts";
import type { TrafficSettings } from "../../platform/traffic.ts";

export interface WeightedRoute {
  readonly service: string;
  readonly paths: readonly string[];
  readonly targetGroupArn: string;
  readonly listenerArn: string;
}

export interface WeightedSide {
  readonly side: string;
  readonly weight: number;
  readonly routes: readonly [WeightedRoute, ...WeightedRoute[]];
}

const routes = z
  .array(
    z.object({
      service: z.string(),
      paths: z.array(z.string()),
      targetGroupArn: z.string(),
      listenerArn: z.string(),
    }),
  )
  .transform(([first, ...more], context) => {
    if (first) return [first, ...more] as const;
    context.addIssue({ code: "custom", message: "at least one" });
    return z.NEVER;
  });

/** In the order of their names. Every problem at once. */
export async function weightedSides(
  settings: TrafficSettings,
): Promise<Result<readonly [WeightedSide, ...WeightedSide[]]>> {
  const read = await Promise.all(
    Object.keys(settings.traffic)
      .sort()
      .map((side) => readSide(side, settings)),
  );
  const [first, ...more] = read.flatMap((each) => (each.ok ? [each.value] : []));
  const problems = [
    ...read.flatMap((each) => (each.ok ? [] : each.problems)),
    ...(first ? more.flatMap((each) => differing(each, first)) : []),
  ];
  return first && problems.length === 0 ? { ok: true, value: [first, ...more] } : { ok: false, problems };
}

async function readSide(side: string, settings: TrafficSettings): Promise<Result<WeightedSide>> {
  const stack = settings.sides[side] ?? "";
  const path = `settings.sides.${side}`;
  const { foundation = stack, ...of } = await readOutputs(stack, settings, ["foundation", "routes", "target"]);
  const read = routes.safeParse(of.routes);
  const problems: Problem[] = [];
  if (of.target !== side || !read.success) {
    const found = `${stack}, which runs ${typeof of.target === "string" ? of.target : "nothing"}`;
    problems.push({
      code: "side-routes",
      path,
      found,
      allowed: `a stack that runs ${side} and has routes: bring it up first`,
    });
  }
  if (foundation !== settings.foundation) {
    const found = `${stack}, on the foundation of ${String(foundation)}`;
    problems.push({ code: "side-foundation", path, found, allowed: `a side on that of ${settings.foundation}` });
  }
  if (!read.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { side, weight: settings.traffic[side] ?? 0, routes: read.data } };
}

/** A path that one side alone has would be a 404 for the other's share. */
function differing(side: WeightedSide, first: WeightedSide): readonly Problem[] {
  const [mine, theirs] = [side, first].map(({ routes: all }) => all.map(publicRoute).sort().join("; "));
  if (mine === theirs) return [];
  const allowed = `what ${first.side} has: ${theirs}`;
  return [{ code: "side-routes", path: `settings.sides.${side.side}`, found: `routes ${mine}`, allowed }];
}

function publicRoute({ service, paths }: WeightedRoute): string {
  return `${service} ${[...paths].sort().join(" ")}`;
}
