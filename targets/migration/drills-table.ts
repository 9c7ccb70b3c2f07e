/** The results of drills as one table for people. Pure. */
import { ENDED, type DrillResult } from "./drills.ts";

const HEAD = ["", "drill", "when", "must end", "ended", "old side at 100 %", "lost", "doubled"];

/** One row a drill; what is wrong with one stands under the table. */
export function drillTable(results: readonly DrillResult[]): string {
  const rows = [HEAD, ...results.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const wrong = results.flatMap(({ name, wrong: sentences, headline }) =>
    sentences.length === 0 ? [] : [`${name}: ${sentences.join(" ")}${headline === "" ? "" : ` (${headline})`}`],
  );
  const as = results.filter(({ asExpected }) => asExpected).length;
  return [
    ...lines,
    "",
    ...results.map(({ name, broken }) => `${name}: ${broken}`),
    ...(wrong.length > 0 ? ["", ...wrong] : []),
    "",
    `${as} of ${results.length} ended as they must`,
  ].join("\n");
}

function row(result: DrillResult): readonly string[] {
  const { name, when, expected, ended, asExpected, lost, doubled } = result;
  return [
    asExpected ? "✓" : "✗",
    ...[name, when, ENDED[expected], ENDED[ended]],
    wayBack(result),
    ...[lost, doubled].map((count) => (count === null ? "?" : String(count))),
  ];
}

function wayBack({ fromGateMilliseconds, fromFaultMilliseconds }: DrillResult): string {
  if (fromGateMilliseconds === null) return "–";
  const gate = fromGateMilliseconds < 1 ? "< 1 ms" : `${fromGateMilliseconds.toFixed(0)} ms`;
  return fromFaultMilliseconds === null
    ? `${gate} after the gate`
    : `${gate} after the gate, ${(fromFaultMilliseconds / 1000).toFixed(1)} s after the fault`;
}

/** `13 drills, about 22 minutes`. */
export function announcement(drills: readonly { readonly seconds: number }[]): string {
  const minutes = Math.ceil(drills.reduce((sum, { seconds }) => sum + seconds, 0) / 60);
  return `${drills.length} ${drills.length === 1 ? "drill" : "drills"}, about ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
}
