/** One side of a migration: every workload of one compiled form, running. */
import { availableParallelism } from "node:os";
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import type { Seconds } from "../../../platform/model/types.ts";
import type { Fault } from "../faults/index.ts";
import type { Router } from "../router/index.ts";
import type { Time } from "../time.ts";
import { openCalls, type Calls } from "./calls.ts";
import type { Resolvers } from "./environment.ts";
import { SideError } from "./errors.ts";
import { groupSpec } from "./groups.ts";
import type { EntryOf } from "./images.ts";
import { runJob, type JobRun } from "./jobs.ts";
import { startReplica, type Replica } from "./replica.ts";
import { trafficOf, type Membership } from "./traffic.ts";
import { createWorkload, type WorkloadController, type WorkloadState } from "./workload.ts";

export interface SideOptions extends Pick<Resolvers, "fill" | "secret"> {
  /** `ecs`: the prefix of its target groups and replicas. */
  readonly name: string;
  /** As the form's reader returns them. */
  readonly behaviours: readonly Behaviour[];
  readonly time: Time;
  /** Gets a target group `<side>-<workload>` for every workload with routes; its rules are the caller's. */
  readonly router: Router;
  readonly entryOf: EntryOf;
  readonly report: (line: string) => void;
  /** Told when a workload has come up; by default a line is reported. */
  readonly onSteady?: (workload: string) => void;
  /** What is wrong with this side's long-running workloads. */
  readonly faults?: readonly Fault[];
  readonly logFolder?: string;
  /** How long a workload may take to become steady, in model seconds: a Deployment's progress deadline by default. */
  readonly steadyWithin?: Seconds;
  /** Replicas a workload starts with, at most; {@link MOST_REPLICAS} by default. */
  readonly most?: number;
  /** Workload → replicas to start with, instead of what its form says. */
  readonly initial?: Readonly<Record<string, number>>;
}

export interface SideState {
  readonly workloads: Readonly<Record<string, WorkloadState>>;
  /** Jobs that wait for a schedule or a queue, which this machine has not: name → trigger. */
  readonly notStarted: Readonly<Record<string, string>>;
  /** Workloads whose service is not built here yet. */
  readonly notBuilt: readonly string[];
}

export interface Side {
  readonly name: string;
  /** Jobs before the rollout, then everything; resolves when all is steady. @throws SideError, see {@link createWorkload} */
  up(): Promise<void>;
  /** Resolves when it has that many ready replicas. @throws SideError */
  scale(workload: string, count: number): Promise<void>;
  /** A rolling update. @throws SideError */
  rollout(workload: string, next: Behaviour): Promise<void>;
  /** SIGKILL to one replica, which is then replaced. @throws SideError */
  kill(workload: string, index: number): Promise<void>;
  /** The target groups on the router, for its rules. */
  groups(): readonly { readonly workload: string; readonly group: string; readonly routes: readonly string[] }[];
  describe(): SideState;
  /**
   * Everything out of the traffic, drained, stopped; then its target groups go, but for those that a rule still names.
   * Ends an `up` that is under way. Twice is harmless.
   */
  stop(): Promise<void>;
}

/** Enough to roll, drain and balance; this is one machine. */
const MOST_REPLICAS = 2;
/** @source Kubernetes, `spec.progressDeadlineSeconds`, default */
const PROGRESS_DEADLINE = 600;
/** Whatever the scale, processes need so long to boot on a busy machine. */
const LEAST_PATIENCE_MILLISECONDS = 20_000;

export function createSide(options: SideOptions): Side {
  const {
    name,
    behaviours,
    time,
    router,
    entryOf,
    report,
    onSteady = (workload) => report(`${name}: ${workload} is steady`),
    faults = [],
    steadyWithin = PROGRESS_DEADLINE,
    most = MOST_REPLICAS,
    initial = {},
  } = options;
  const patience = time.milliseconds(steadyWithin, LEAST_PATIENCE_MILLISECONDS);
  const built = behaviours.filter(({ image }) => entryOf(image) !== null);
  const isBefore = ({ job }: Behaviour): boolean => job?.trigger === "before:rollout";
  const lasting = built.filter(({ kind }) => kind === "longRunning");
  const controllers = new Map<string, WorkloadController>();
  const groups: { workload: string; group: string; routes: readonly string[] }[] = [];
  let calls: Calls | null = null;
  let job: JobRun | null = null;
  let started = 0;
  let stopped: Promise<void> | null = null;

  const start = (behaviour: Behaviour): Promise<Replica> => {
    const harm = behaviour.kind === "longRunning" ? faults : [];
    started += 1;
    return startReplica({
      ...(options.logFolder === undefined ? {} : { logFolder: options.logFolder }),
      id: `${name}-${behaviour.name}-${started}`,
      behaviour,
      time,
      entryOf,
      fill: options.fill,
      secret: (reference) => harm.reduce((value, fault) => fault.secret?.(value) ?? value, options.secret(reference)),
      localUrl: (callee, port) => calls?.url(callee, port) ?? "",
      preload: harm.flatMap(({ preload }) => preload ?? []),
    });
  };
  const membershipsOf = (behaviour: Behaviour, open: Calls): readonly Membership[] => {
    const inside = open.membershipsOf(behaviour.name);
    if (behaviour.routes.length === 0) return inside;
    const group = `${name}-${behaviour.name}`;
    router.addGroup(groupSpec(group, behaviour));
    groups.push({ workload: behaviour.name, group, routes: behaviour.routes });
    return [{ router, group }, ...inside];
  };
  const find = (workload: string): WorkloadController => {
    const controller = controllers.get(workload);
    if (!controller) throw new SideError(workload, `it does not run on side ${name}`);
    return controller;
  };
  const checkStopped = (): void => {
    if (stopped) throw new SideError(name, "the side was stopped");
  };

  return {
    name,
    up: async () => {
      checkStopped();
      const open = await openCalls(behaviours, time);
      calls = open;
      for (const behaviour of built.filter(isBefore)) {
        checkStopped();
        report(`${name}: ${behaviour.name} runs before the rollout`);
        job = runJob(behaviour, { time, start, report });
        await job.done;
      }
      checkStopped();
      for (const behaviour of lasting) {
        const traffic = trafficOf(membershipsOf(behaviour, open));
        controllers.set(behaviour.name, createWorkload({ behaviour, time, traffic, start, report, patience }));
      }
      await inTurns(
        lasting.map((behaviour) => async () => {
          checkStopped();
          const wanted = Math.min(Math.max(behaviour.initialCount ?? 1, behaviour.scaling?.min ?? 0), most);
          await find(behaviour.name).scale(initial[behaviour.name] ?? wanted);
          onSteady(behaviour.name);
        }),
      );
    },
    scale: async (workload, count) => find(workload).scale(count),
    rollout: async (workload, next) => find(workload).rollout(next),
    kill: async (workload, index) => find(workload).kill(index),
    groups: () => [...groups],
    describe: () => ({
      workloads: Object.fromEntries(
        [...controllers].map(([workload, controller]) => [workload, controller.describe()]),
      ),
      notStarted: Object.fromEntries(
        built.flatMap((behaviour) =>
          behaviour.job && !isBefore(behaviour) ? [[behaviour.name, behaviour.job.trigger]] : [],
        ),
      ),
      notBuilt: behaviours.filter((behaviour) => !built.includes(behaviour)).map((behaviour) => behaviour.name),
    }),
    stop: () =>
      (stopped ??= (async () => {
        await job?.stop();
        await Promise.all([...controllers.values()].map((controller) => controller.stop()));
        await calls?.close();
        const named = new Set(router.rules().flatMap(({ forward }) => forward.map(({ group }) => group)));
        for (const { group } of groups.splice(0)) if (!named.has(group)) router.removeGroup(group);
      })()),
  };
}

/** Workloads that come up at once. A starting process takes a whole CPU, and those that run already need theirs. */
const AT_ONCE = Math.max(2, availableParallelism());

/** Each as soon as one before it is done. Waits for all, so that nothing goes on behind its caller's back, and then throws the first failure. */
async function inTurns(work: readonly (() => Promise<void>)[]): Promise<void> {
  const left = [...work];
  const failures: unknown[] = [];
  const turn = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      await next().catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, turn));
  if (failures.length > 0) throw failures[0];
}
