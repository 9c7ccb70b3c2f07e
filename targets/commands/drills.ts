/** `rehearse --drill`: a whole rehearsal for each fault, one after the other, each in a process of its own. */
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { faultNamed } from "../local/faults/index.ts";
import { startChild, type Exit } from "../local/processes/child.ts";
import { descendantsOf, isRunning } from "../local/processes/descendants.ts";
import { judgeDrill, type Drill, type DrillEvidence, type DrillResult } from "../migration/drills.ts";

export interface DrillsRequest {
  /** The project's folder. */
  readonly root: string;
  readonly drills: readonly Drill[];
  /** Options that every rehearsal gets: `--stack`, `--from`, `--to`. */
  readonly options: readonly string[];
  /** Evidence goes into a folder of its own for each drill, below this one. */
  readonly evidence: string;
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Of a rehearsal's own lines those that say how far it is. */
const TELLING = /[▸✗↩■]/;
const TELLING_OF_A_KILL = /An earlier migration did not end/;
/** Stores of the environment are somebody's; a drill kills its own. */
const STORES = new Set(["DATABASE_URL", "REDIS_URL", "KAFKA_BROKERS"]);
const LOOK_MILLISECONDS = 500;
/** The watchdog gives what is left two seconds. */
const GONE_MILLISECONDS = 10_000;

/** All of them, or those up to an interruption, the interrupted one included. */
export async function runDrills(request: DrillsRequest): Promise<readonly DrillResult[]> {
  const { drills, signal, report } = request;
  const results: DrillResult[] = [];
  for (const [index, drill] of drills.entries()) {
    if (signal.aborted) break;
    const broken = faultNamed(drill.name)?.what ?? drill.name;
    report(`▸ ${index + 1} of ${drills.length}, ${drill.name}: ${broken}`);
    const result = await one(request, drill, broken);
    results.push(result);
    report(`${result.asExpected ? "✓" : "✗"} ${drill.name}: ${[result.headline, ...result.wrong].join(" ")}`);
  }
  return results;
}

async function one(request: DrillsRequest, drill: Drill, broken: string): Promise<DrillResult> {
  const folder = join(request.evidence, drill.name);
  rmSync(folder, { recursive: true, force: true });
  const temporary = join(folder, "tmp");
  mkdirSync(temporary, { recursive: true });
  const first = await rehearsal(request, drill, folder, ["--fault", drill.name]);
  const killed = first.exit.signal === "SIGKILL";
  const leftBehind = await remains(first.descendants, temporary);
  const again = killed && !request.signal.aborted ? await rehearsal(request, drill, folder, []) : null;
  const toldOfKill = again?.lines.some((line) => TELLING_OF_A_KILL.test(line)) ?? false;
  rmSync(temporary, { recursive: true, force: true });
  return judgeDrill(drill, broken, { evidence: evidenceIn(folder), killed, toldOfKill, leftBehind });
}

interface Ended {
  readonly exit: Exit;
  /** Whatever it had started, as last seen. */
  readonly descendants: ReadonlyMap<number, string>;
  readonly lines: readonly string[];
}

async function rehearsal(
  { root, options, report, signal }: DrillsRequest,
  { speed }: Drill,
  folder: string,
  more: readonly string[],
): Promise<Ended> {
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || STORES.has(name) ? [] : [[name, value]],
    ),
  );
  const flags = ["--disable-warning=TimeoutNegativeWarning", join(root, "cli.mjs"), "rehearse"];
  const lines: string[] = [];
  const child = await startChild({
    command: process.execPath,
    args: [...flags, ...options, "--speed", String(speed), "--evidence", folder, ...more],
    cwd: root,
    env: { ...env, TMPDIR: join(folder, "tmp") },
    onLine: (line) => {
      lines.push(line);
      if (TELLING.test(line)) report(`    ${line}`);
    },
  });
  const interrupt = (): void => child.signal("SIGINT");
  signal.addEventListener("abort", interrupt, { once: true });
  let descendants: ReadonlyMap<number, string> = new Map();
  const over = new AbortController();
  const looking = (async () => {
    while (!over.signal.aborted) {
      const seen = await descendantsOf(child.pid);
      if (seen.size > 0) descendants = seen;
      await sleep(LOOK_MILLISECONDS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  const exit = await child.exited;
  over.abort();
  await looking;
  signal.removeEventListener("abort", interrupt);
  return { exit, descendants, lines };
}

/** Waits a while for the watchdog, and names what is still there. */
async function remains(descendants: ReadonlyMap<number, string>, temporary: string): Promise<readonly string[]> {
  const left = (): readonly string[] => [
    ...[...descendants].flatMap(([pid, what]) => (isRunning(pid) ? [`process ${pid} (${what})`] : [])),
    ...readdirSync(temporary).map((name) => `folder ${name}`),
  ];
  for (const until = performance.now() + GONE_MILLISECONDS; left().length > 0 && performance.now() < until;)
    await sleep(LOOK_MILLISECONDS);
  return left();
}

function evidenceIn(folder: string): DrillEvidence | null {
  try {
    // Written a moment ago by the same version of this program.
    return JSON.parse(readFileSync(join(folder, "evidence.json"), "utf8")) as DrillEvidence;
  } catch {
    return null;
  }
}
