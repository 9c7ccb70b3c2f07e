/** Results → text for people. */
import type { Problem } from "../../platform/model/types.ts";
import type { Evidence } from "../migration/evidence.ts";
import { isFinding, type Difference, type Parity } from "../migration/parity.ts";
import type { CompiledStack } from "../stack.ts";

/** One line a problem: `path: found …; allowed: … (code)`. */
export function problemLines(problems: readonly Problem[]): string {
  return problems
    .map(({ path, found, allowed, code }) => `${path}: ${found}; allowed: ${allowed} (${code})`)
    .join("\n");
}

/** One line a service: what it is given, and in how many ways each form departs from the model. */
export function compiledTable({ forms }: CompiledStack, { services, differences }: Parity): string {
  const head = ["service", "vCPU", "MiB", "GPU", "replicas", ...forms.map(({ target }) => `${target} losses`)];
  const rows = services.map((service) => {
    const behaviour = forms[0]?.behaviours[service];
    const { scaling, initialCount } = behaviour ?? {};
    return [
      service,
      String(behaviour?.cpu ?? "?"),
      String(behaviour?.memoryLimit ?? "?"),
      String(behaviour?.gpus ?? "?"),
      behaviour?.job ? behaviour.job.trigger : scaling ? `${scaling.min}–${scaling.max}` : String(initialCount ?? "?"),
      ...forms.map(({ target }) =>
        String(differences.filter((each) => each.target === target && each.service === service).length),
      ),
    ];
  });
  return table([head, ...rows]);
}

/** The verdict, the figures that it rests on, and where the evidence lies. */
export function rehearsalReport(
  { headline, failures, totals, waysBack, gates, accounts, steps, faultMilliseconds }: Evidence,
  files: readonly string[],
): string {
  const failed = gates.flatMap(({ state, checks }) =>
    state === "fail" ? checks.filter((check) => check.state === "fail") : [],
  );
  return [
    headline,
    ...failures.map(({ title, sentence }) => `  ${title}: ${sentence}`),
    ...failed.map(
      ({ name, measured, relation, limit, unit }) =>
        `  ${name}: ${rounded(measured)} where ${relation} ${rounded(limit)} ${unit} is allowed`,
    ),
    ...waysBack.map((way) => wayBackLine(way, faultMilliseconds, steps)),
    `${totals.requests} requests, ${totals.acknowledgedWrites} acknowledged writes, ${totals.subscribers} subscribers, ${totals.feedMessages} feed messages`,
    accounts.length === 0 ? "nothing was accounted for" : `lost: ${totals.lost}, doubled: ${totals.doubled}`,
    ...files,
  ].join("\n");
}

/** A load balancer in this process takes a weight at once; "0 ms" would look like nothing was measured. */
function quick(milliseconds: number): string {
  return milliseconds < 1 ? "less than 1 ms" : `${milliseconds.toFixed(0)} ms`;
}

/** Three digits that matter. */
function rounded(value: number | null): string {
  return value === null ? "nothing" : String(Number(value.toPrecision(3)));
}

function wayBackLine(
  { because, step, trafficMilliseconds, workersMilliseconds }: Evidence["waysBack"][number],
  faultMilliseconds: number | null,
  steps: Evidence["steps"],
): string {
  const name = { drill: "Rollback drill", failure: "Rollback", plan: "Return" }[because];
  const failed = because === "failure" ? " of the failed step" : "";
  const began = steps.find(({ id }) => id === step)?.startMilliseconds;
  const fault =
    because === "failure" && faultMilliseconds !== null && began !== undefined
      ? `, ${((began + trafficMilliseconds - faultMilliseconds) / 1000).toFixed(1)} s after the fault`
      : "";
  const workers = workersMilliseconds === null ? "" : `, workers after ${(workersMilliseconds / 1000).toFixed(1)} s`;
  return `${name}: old side at 100 % after ${quick(trafficMilliseconds)}${failed}${fault}${workers}`;
}

const MARK = { equal: "=", approximate: "~", dropped: "∅", finding: "✗" } as const;

/** A matrix of fields and services with a mark for each target, the declared losses, and the findings in full. */
export function parityReport({ services, fields, differences, between }: Parity, targets: readonly string[]): string {
  const byCell = new Map(differences.map((each) => [`${each.target}/${each.service}/${each.field}`, each]));
  const cell = (service: string, field: string): string =>
    targets.map((target) => markOf(byCell.get(`${target}/${service}/${field}`))).join("");
  const matrix = table([
    ["field", ...services.map((_, index) => String(index + 1))],
    ...fields.map((field) => [field, ...services.map((service) => cell(service, field))]),
  ]);
  const legend = services.map((service, index) => `${String(index + 1).padStart(2)} ${service}`).join("\n");
  const findings = differences.filter(isFinding);
  return [
    `Each cell: ${targets.join(", ")} against the model (${MARK.equal} equal, ${MARK.approximate} approximate, ${MARK.dropped} dropped, ${MARK.finding} undeclared difference)`,
    legend,
    matrix,
    "Declared losses",
    lossLines(differences),
    betweenLine(between, targets),
    findings.length === 0 ? "No undeclared difference." : findingLines(findings),
  ].join("\n\n");
}

function markOf(difference: Difference | undefined): string {
  if (!difference) return MARK.equal;
  return difference.loss ? MARK[difference.loss.kind] : MARK.finding;
}

function lossLines(differences: readonly Difference[]): string {
  const byCode = new Map<string, { first: Difference; services: string[] }>();
  for (const difference of differences) {
    if (!difference.loss) continue;
    const key = `${difference.target} ${difference.loss.code}`;
    const known = byCode.get(key) ?? { first: difference, services: [] };
    if (!known.services.includes(difference.service)) known.services.push(difference.service);
    byCode.set(key, known);
  }
  return [...byCode.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([key, { first, services }]) =>
        `  ${key} (${first.loss?.kind ?? ""}, ${services.length} services): ${first.loss?.because ?? ""}`,
    )
    .join("\n");
}

function betweenLine(between: Parity["between"], targets: readonly string[]): string {
  const within = between.filter(({ losses }) => losses.length === 0);
  const margins = [...new Set(within.map(({ field }) => field))].join(", ");
  return [
    `${targets.join(" and ")} differ from each other in ${between.length} places:`,
    `${between.length - within.length} by the losses above, ${within.length} within a margin${margins ? ` (${margins})` : ""}.`,
  ].join(" ");
}

function findingLines(findings: readonly Difference[]): string {
  const lines = findings.map(
    ({ target, service, field, wanted, found }) =>
      `  ${service}, ${field}: the model wants ${JSON.stringify(wanted)}, ${target} would do ${JSON.stringify(found)}`,
  );
  return [`${findings.length} undeclared difference(s)`, ...lines].join("\n");
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
