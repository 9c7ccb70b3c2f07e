/** `npm run cost`: a stack's forms, priced and side by side. */
import type { Problem, Result } from "../../platform/model/types.ts";
import {
  estimate,
  KINDS,
  LEVELS,
  minus,
  PRICED,
  PRICES,
  readBook,
  type Estimate,
  type Level,
  type Micros,
  type Monthly,
  type Priced,
  type PriceBook,
} from "../cost/index.ts";
import { compileStack } from "../stack.ts";

export interface Costs {
  readonly stack: string;
  /** Integers of a millionth of a US dollar, a month. */
  readonly unit: "micro-USD a month";
  readonly targets: Readonly<Partial<Record<Priced, Estimate>>>;
  /** What the second target costs more than the first; absent where one alone was asked for. */
  readonly difference?: Monthly;
  /** The prices that were used: a file for `--prices`. */
  readonly prices: PriceBook;
}

/** @param file of prices that stand in for our own; every problem of it, of the stack and of both forms at once */
export function costsOf(
  folder: string,
  stack: string,
  targets: readonly Priced[],
  file: string | undefined,
): Result<Costs> {
  const book: Result<PriceBook> = file === undefined ? { ok: true, value: PRICES } : readBook(file);
  const compiled = compileStack(folder, stack, targets);
  if (!book.ok || !compiled.ok) return refuse([book, compiled]);
  const estimates = compiled.value.forms.map((form) => estimate(form, compiled.value, book.value));
  if (estimates.some(({ ok }) => !ok)) return refuse(estimates);
  const found = estimates.flatMap((each) => (each.ok ? [each.value] : []));
  const [first, second] = found;
  return {
    ok: true,
    value: {
      stack,
      unit: "micro-USD a month",
      targets: Object.fromEntries(targets.flatMap((target, index) => (found[index] ? [[target, found[index]]] : []))),
      ...(first && second ? { difference: minus(second.total, first.total) } : {}),
      prices: book.value,
    },
  };
}

function refuse(results: readonly Result<unknown>[]): Result<never> {
  const problems = results.flatMap((result): readonly Problem[] => (result.ok ? [] : result.problems));
  const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return { ok: false, problems: [...distinct.values()] };
}

/** Dollars a month: a line for each part, both targets beside each other, and what they come to. */
export function costReport({ stack, targets, difference, prices }: Costs): string {
  const named = PRICED.flatMap((target) => {
    const found = targets[target];
    return found ? [{ target, estimate: found }] : [];
  });
  const columns = named.flatMap(({ target, estimate: { total } }) => LEVELS.map((level) => ({ target, level, total })));
  const line = (name: string, cell: (target: Priced, level: Level) => Micros | undefined): readonly string[] => [
    name,
    ...columns.map(({ target, level }) => dollars(cell(target, level))),
  ];
  const partOf = (target: Priced, kind: string, name: string) =>
    targets[target]?.parts.find((part) => part.kind === kind && part.name === name);
  const sections = KINDS.map((kind) => {
    const parts = named.flatMap(({ estimate: { parts: all } }) => all.filter((part) => part.kind === kind));
    return [...new Set(parts.map(({ name }) => name))].map((name) => {
      const assumed = parts.some((part) => part.name === name && part.estimated);
      return line(assumed ? `${name} ~` : name, (target, level) => partOf(target, kind, name)?.monthly[level]);
    });
  });
  const rows = [
    ["", ...columns.map(({ target, level }) => `${target} ${level}`)],
    ...sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, []]),
    line("total", (target, level) => targets[target]?.total[level]),
  ];
  return [
    `${stack}: US dollars a month at list prices of ${prices.region}, ${prices.date}`,
    aligned(rows),
    ...(difference ? [differenceLine(difference)] : []),
    "~ rests on assumptions about use too; --json prints them, and --prices FILE replaces them.",
  ].join("\n\n");
}

function differenceLine(difference: Monthly): string {
  const each = LEVELS.map((level) => {
    const more = difference[level];
    return `${dollars(Math.abs(more))} ${more < 0 ? "less" : "more"} at ${level}`;
  });
  return `On eks it costs ${each.join(", ")}.`;
}

function dollars(amount: Micros | undefined): string {
  return amount === undefined ? "–" : (amount / 1e6).toLocaleString("en-US", DOLLARS);
}

const DOLLARS = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;

/** Names to the left, figures to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
