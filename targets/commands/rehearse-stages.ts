/** What a rehearsal runs on, with its lock taken and its journal open. */
import { join } from "node:path";
import { takeFileLock } from "../migration/lock-file.ts";
import type { Plan } from "../migration/plan.ts";
import type { Progress } from "../migration/progress.ts";
import type { RunOptions } from "../migration/run.ts";
import type { Stage } from "../migration/stage.ts";
import { createLocalStage, type LoadRates } from "../migration/stages/local/index.ts";
import { createWatch } from "../migration/watch.ts";
import type { Prepared, RehearseRequest } from "./rehearse-request.ts";
import { journalOf, startRehearsal, type Started } from "./rehearse-start.ts";

/** A laptop carries this beside both sides; what counts are the totals of a whole rehearsal. */
const LOAD: LoadRates = {
  readsPerSecond: 120,
  writesPerSecond: 15,
  subscribers: 24,
  feedPerSecond: 60,
  postsPerSecond: 3,
};

/** Shows a plan, that of an unfinished migration or of a new one. */
export type Watcher = (plan: Plan) => Pick<Progress, "observe" | "note">;

/** A stage and what goes with it. */
export interface Staged {
  readonly stage: Stage;
  readonly subscribers: number;
  readonly observe: NonNullable<RunOptions["observe"]>;
  readonly struckAt: () => number | null;
  readonly lacking: () => string | null;
  readonly started: Started;
  end(): void;
}

/** @throws NotStarted with what stands in the way */
export function stageFor(
  request: RehearseRequest,
  prepared: Prepared,
  signal: AbortSignal,
  watcher: Watcher,
): Promise<Staged> {
  return (request.stage === "aws" ? stageOnAws : stageHere)(request, prepared, signal, watcher);
}

async function stageHere(
  request: RehearseRequest,
  prepared: Prepared,
  signal: AbortSignal,
  watcher: Watcher,
): Promise<Staged> {
  const { root, stack, from, to, speed, carried, evidence: folder, resume, rollBack } = request;
  const place = { stage: "local", stack, journal: journalOf("local", stack, root, folder), lasting: false };
  const started = await startRehearsal(place, { resume, rollBack }, prepared.plan, ({ run }) =>
    Promise.resolve(takeFileLock(join(folder, ".lock"), run)),
  );
  const progress = watcher(started.plan);
  if (started.note !== null) progress.note(started.note);
  const watch = createWatch(started.plan);
  const stage = createLocalStage({
    ...{ root, stack, from, to, timeScale: speed, load: LOAD, carried, fault: prepared.fault, seed: 1, signal },
    underWay: () => watch.underWay(performance.timeOrigin + performance.now()),
    onDashboard: (url) => progress.note(`Watch it at ${url}`),
  });
  return {
    ...{
      stage,
      started,
      subscribers: LOAD.subscribers,
      struckAt: () => stage.struckAt(),
      lacking: () => stage.prerequisite()?.message ?? null,
    },
    observe: (event) => {
      watch.observe(event);
      progress.observe(event);
    },
    end: () => undefined,
  };
}

async function stageOnAws(
  request: RehearseRequest,
  prepared: Prepared,
  signal: AbortSignal,
  watcher: Watcher,
): Promise<Staged> {
  const { root, stack, from, to, policies, resume, rollBack, evidence: folder } = request;
  // With it come AWS' clients, which nothing else needs.
  const { onAws, PROBES } = await import("./rehearse-aws.ts");
  const place = { stage: "aws", stack, journal: journalOf("aws", stack, root, folder), lasting: true };
  const { compiled, plan } = prepared;
  const takeOver = resume || rollBack;
  const real = await onAws({ root, stack, from, to, compiled, policies, takeOver, signal });
  const started = await startRehearsal(place, { resume, rollBack }, plan, (holder) => real.take(holder)).catch(
    (error: unknown) => {
      real.end();
      throw error;
    },
  );
  const { observe } = watcher(started.plan);
  return {
    ...{ stage: real.stage, started, observe, subscribers: PROBES.subscribers },
    ...{ struckAt: () => null, lacking: () => null, end: () => real.end() },
  };
}
