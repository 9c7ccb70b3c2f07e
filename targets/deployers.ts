/** Target → the code that makes resources of its form, loaded only for the target that a stack names. */
import type { Foundation } from "../platform/foundation/index.ts";
import type { Model, Result } from "../platform/model/types.ts";
import type { Settings } from "../platform/settings.ts";
import type { Side } from "./alb/index.ts";
import { ecs, kubernetes } from "./index.ts";
import type { Compiled, Target } from "./target.ts";

/** Creates one side's resources on a foundation. Its form is compiled and found good. */
export type Deploy = (foundation: Foundation) => Side;

/** Compiles for the stack's target: every problem at once, or what deploys the result. */
export async function prepare(model: Model, settings: Settings): Promise<Result<Deploy>> {
  switch (settings.target) {
    case "ecs":
      return prepared(ecs, (await import("./ecs/deploy.ts")).deploy, model, settings);
    case "kubernetes":
      return prepared(kubernetes, (await import("./kubernetes/deploy.ts")).deploy, model, settings);
    case "eks":
      return {
        ok: false,
        problems: [
          { code: "unknown-target", path: "settings.target", found: '"eks"', allowed: "ecs or kubernetes, so far" },
        ],
      };
  }
}

/** Keeps the form's type between its compiler and its deployer. */
function prepared<Unit, Shared>(
  target: Target<Unit, Shared>,
  deploy: (compiled: Compiled<Unit, Shared>, foundation: Foundation) => Side,
  model: Model,
  settings: Settings,
): Result<Deploy> {
  const compiled = target.compile(model, settings);
  return compiled.ok ? { ok: true, value: (foundation) => deploy(compiled.value, foundation) } : compiled;
}
