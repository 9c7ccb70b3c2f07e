/** Compiled forms → files that an API takes as they are. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isFinding } from "../migration/parity.ts";
import { parityOf, type CompiledStack } from "../stack.ts";

/**
 * Writes `<out>/<stack>/<target>/<service>.json` for each service, `_shared.json` and `losses.json` beside them.
 * Returns the paths in the order in which they were written. @throws the file system's error where it cannot
 */
export function writeForms(out: string, stack: CompiledStack): readonly string[] {
  const { differences } = parityOf(stack);
  return stack.forms.flatMap(({ target, units, shared }) => {
    const folder = join(out, stack.settings.stack, target);
    mkdirSync(folder, { recursive: true });
    const losses = differences
      .filter((difference) => difference.target === target && !isFinding(difference))
      .map(({ service, field, wanted, found, loss }) => ({ service, field, ...loss, wanted, found }));
    return [
      ...Object.entries(units).map(([service, unit]) => write(join(folder, `${service}.json`), unit)),
      write(join(folder, "_shared.json"), shared),
      write(join(folder, "losses.json"), losses),
    ];
  });
}

function write(path: string, value: unknown): string {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
  return path;
}
