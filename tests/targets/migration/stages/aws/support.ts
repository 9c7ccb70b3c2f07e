/** A migration on the world of world.ts, begun and gone on with. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { cryptotracker } from "../../../../../platform/cryptotracker.ts";
import { parseSettings } from "../../../../../platform/settings.ts";
import { type JournalEntry, parseJournal } from "../../../../../targets/migration/journal.ts";
import { type Plan, planMigration, type PlanRequest } from "../../../../../targets/migration/plan.ts";
import { decideStart, type Resumption, unfinishedOf, type Wish } from "../../../../../targets/migration/resume.ts";
import { type Outcome, runMigration, type RunOptions } from "../../../../../targets/migration/run.ts";
import { createAwsStage } from "../../../../../targets/migration/stages/aws/index.ts";
import type { StackConfig } from "../../../../../targets/migration/stages/aws/ports.ts";
import { type Death, World, type WorldOptions } from "./world.ts";

export const ROOT = join(import.meta.dirname, "../../../../..");
const file = parse(readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8")) as { readonly config: StackConfig };
export const BASE = file.config;
const settings = parseSettings("dev", BASE);
if (!settings.ok) throw new Error(JSON.stringify(settings.problems));
export const SETTINGS = settings.value;
export const MODEL = cryptotracker(SETTINGS);

export const worldOf = (options: Partial<WorldOptions> = {}): World =>
  new World({ model: MODEL, base: BASE, ...options });

export function planOf(changes: Partial<PlanRequest> = {}): Plan {
  const plan = planMigration({
    ...{ from: "ecs", to: "eks", sides: ["ecs", "eks"], shares: [1, 10, 50, 100] },
    ...{ bake: 180, minSamples: 40, patience: 600, hold: 300, drill: true, settle: "keep" },
    ...changes,
  });
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
  return plan.value;
}

export interface Ran {
  /** null: the process died. */
  readonly outcome: Outcome | null;
  readonly journal: readonly JournalEntry[];
  /** The journal as it would be in its file. */
  readonly text: string;
}

export interface More extends Partial<RunOptions> {
  readonly death?: Death | null;
  readonly text?: string;
  readonly resumption?: Resumption;
}

/** Runs until it ends or its process dies; after its death a process writes nothing more. */
export async function migrate(world: World, plan: Plan, more: More = {}): Promise<Ran> {
  const { death = null, resumption, ...options } = more;
  const { ports, died, isDead } = world.process(death);
  const controller = new AbortController();
  const stage = createAwsStage(
    {
      ...{ stack: "dev", from: plan.from, to: plan.to, model: MODEL },
      ...{ signal: options.signal ?? controller.signal, preflight: () => Promise.resolve([]) },
    },
    ports,
  );
  const given = Buffer.from(more.text ?? "");
  // As openJournal does.
  let text = given.subarray(0, parseJournal(given.toString()).whole).toString();
  const append = (entry: JournalEntry): void => {
    if (!isDead()) text += `${JSON.stringify(entry)}\n`;
  };
  const by = { pid: 1, host: "here" };
  if (resumption) append({ at: world.now, type: "resumed", by, mode: resumption.mode });
  else append({ at: world.now, type: "begun", run: "r1", by, stage: "aws", stack: "dev", plan });
  const ended = runMigration(plan, stage, {
    ...{ signal: controller.signal, now: () => (world.now += 1), journal: { append } },
    ...options,
    ...(resumption ? { resumption } : {}),
  });
  const outcome = await Promise.race([ended, died.then(() => null)]);
  return { outcome, text, journal: parseJournal(text).entries };
}

/** A second start on what the first one left. @throws Error when it is refused */
export async function goOn(world: World, text: string, wish: Partial<Wish>, more: More = {}): Promise<Ran> {
  const start = decideStart(
    unfinishedOf(parseJournal(text).entries),
    { resume: false, rollBack: false, ...wish },
    true,
  );
  if (start.how !== "again") throw new Error(start.how === "refused" ? start.sentence : "It would start afresh.");
  return migrate(world, start.resumption.from.plan, { ...more, text, resumption: start.resumption });
}
