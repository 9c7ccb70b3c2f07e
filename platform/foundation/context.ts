/** What every file of the foundation needs to know: the stack's model and settings, sizes, names and tags. */
import type { Model } from "../model/types.ts";
import type { Settings } from "../settings.ts";
import { sizesOf, type Sizes } from "./sizes.ts";

export interface Context {
  readonly model: Model;
  readonly settings: Settings;
  readonly sizes: Sizes;
  /** `cryptotracker-dev-<suffix>`: for what must be told apart within an account. */
  readonly name: (suffix: string) => string;
  /** What cost reports and operators look for. */
  readonly tags: (name: string) => Record<string, string>;
}

export function contextOf(model: Model, settings: Settings): Context {
  const { project, stack } = settings;
  const name = (suffix: string) => `${project}-${stack}-${suffix}`;
  return {
    model,
    settings,
    sizes: sizesOf(settings),
    name,
    tags: (suffix) => ({ Name: name(suffix), project, stack }),
  };
}
