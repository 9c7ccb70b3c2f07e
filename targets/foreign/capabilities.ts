/** Linux capabilities, which both forms add and drop by the same names. */
import type { Fields } from "./fields.ts";

/** What is left of an engine's usual set: `ALL` dropped leaves what is added, else what is taken away has a minus. */
export function capabilities(fields: Fields): readonly string[] {
  const [drop, add] = [fields.texts("drop"), fields.texts("add")];
  return drop.includes("ALL") ? add : ["default", ...add, ...drop.map((each) => `-${each}`)];
}
