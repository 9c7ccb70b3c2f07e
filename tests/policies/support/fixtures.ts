/** Every rule with the fixture that stands beside it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { ResourceFixture, StackFixture } from "../../../policies/fixtures.ts";
import type { ResourceRule, Rule, StackRule } from "../../../policies/framework/rule.ts";
import { ROOT } from "../../support/stacks.ts";

const POLICIES = join(ROOT, "policies");

export type Pair =
  | { readonly rule: ResourceRule; readonly fixture: ResourceFixture<object> }
  | { readonly rule: StackRule; readonly fixture: StackFixture };

/** From `<file>.ts` and `<file>.fixtures.ts`, wherever they lie. */
export async function pairs(): Promise<readonly Pair[]> {
  const files = readdirSync(POLICIES, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".fixtures.ts"),
  );
  const found: Pair[] = [];
  for (const file of files.sort()) {
    const rules = (await import(join(POLICIES, file.replace(".fixtures.ts", ".ts")))) as Record<string, Rule>;
    const { fixtures } = (await import(join(POLICIES, file))) as { fixtures: Record<string, unknown> };
    for (const [name, rule] of Object.entries(rules)) {
      const fixture = fixtures[name];
      if (fixture) found.push({ rule, fixture } as Pair);
    }
  }
  return found;
}
