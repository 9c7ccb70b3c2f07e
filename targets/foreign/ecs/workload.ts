/** A task definition with its service → what ECS will do with it, in our terms. */
import type { RolloutStep } from "../../../platform/model/behaviour.ts";
import {
  told,
  untold,
  type Companion,
  type Hints,
  type Reading,
  type Seen,
  type Told,
  type WorkloadBehaviour,
} from "../seen.ts";
import { containerOf, TARGET_GROUP } from "./container-behaviour.ts";
import type { EcsContainer } from "./container.ts";
import { placeOf, type Place } from "./place.ts";
import type { EcsService } from "./service.ts";
import { mainOf, roleOf, type Parts } from "./parts.ts";
import type { EcsTask } from "./task.ts";

/** @source AWS docs, "Fargate task ephemeral storage", 2026-11 */
const FARGATE_DISK = 20;

export function readingOf(parts: Parts, neutral: (value: string) => string): Reading {
  const { task, service, where, log } = parts;
  const main = mainOf(task, service);
  const place = placeOf({
    providers: service?.providers.length ? service.providers : parts.beside.providers,
    launchType: service?.launchType,
    mayFargate: service ? task.fargateOnly : task.mayFargate,
    gpus: main.gpus,
    instanceType: task.instanceType,
  });
  const others = task.containers.filter((each) => each !== main);
  const name = service?.name ?? task.service ?? task.family;
  return {
    source: "ecs",
    name,
    where,
    main: containerOf(main, parts, neutral),
    companions: others.map((each): Companion => {
      return { ...containerOf(each, parts, neutral), role: roleOf(each, task) };
    }),
    whole: wholeOf(parts, name, main, place),
    hints: hintsOf(parts, main),
    notes: log.notes,
  };
}

function wholeOf(
  { task, service, beside, scaling }: Parts,
  name: string,
  main: EcsContainer,
  { fargate, pool, gpuModel, purchase }: Place,
): Seen<WorkloadBehaviour> {
  const alone = "a task definition by itself does not say how it is run";
  const whenRun = <T>(value: (service: EcsService) => Told<T>, job: T): Told<T> =>
    service ? value(service) : beside.job ? told(job) : untold(alone);
  const counts = countsOf(service, scaling);
  return {
    name: told(name),
    kind: service ? told("longRunning") : beside.job ? told("job") : untold(alone),
    ephemeral: told(task.ephemeral ?? (fargate ? FARGATE_DISK : null)),
    architecture: told(task.architecture),
    whenUnhealthy: whenRun(() => told("replaced" as const), null),
    initialCount: whenRun(({ desired }) => (desired === null ? untold("one on each machine") : told(desired)), null),
    scaling: whenRun(() => (scaling === undefined ? untold("no file has its scalable target") : told(scaling)), null),
    rollout: whenRun(
      (each) => (each.otherRollout === null ? told(stepsOf(each, counts)) : untold(each.otherRollout)),
      [],
    ),
    rollsBack: whenRun(({ rollsBack }) => told(rollsBack), false),
    evictedAtOnce: whenRun((each) => told(evicted(stepsOf(each, counts))), null),
    job: service ? told(null) : beside.job ? told(beside.job) : untold(alone),
    identity: identityOf(task, beside.identity),
    accepts: beside.reach ? told(beside.reach.accepts) : untold("its security groups' rules are in no file of ECS'"),
    reaches: beside.reach ? told(beside.reach.reaches) : untold("its security groups' rules are in no file of ECS'"),
    routes: beside.target ? told(beside.target.routes) : service?.balanced ? untold(TARGET_GROUP) : told([]),
    pool,
    gpuModel: main.gpus > 0 ? gpuModel : told(null),
    purchase,
    zones: whenRun(({ zones }) => told(zones(fargate)), "any" as const),
  };
}

function identityOf(
  { hasRole }: EcsTask,
  statements: Parts["beside"]["identity"],
): Seen<WorkloadBehaviour>["identity"] {
  if (statements) return told(statements);
  return hasRole ? untold("its task role's statements are in no file of ECS'") : told([]);
}

function countsOf(service: EcsService | null, scaling: Parts["scaling"]): readonly number[] {
  const first = scaling?.min ?? service?.desired ?? 0;
  const last = Math.min(scaling?.max ?? first, first + MOST_COUNTS);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** A maximum that nobody means (10 000) is not gone through one by one. */
const MOST_COUNTS = 1000;

/** ECS rounds the minimum up and the maximum down. @source ECS API reference, DeploymentConfiguration, 2026-11 */
function stepsOf({ minimumHealthy, maximum }: EcsService, counts: readonly number[]): readonly RolloutStep[] {
  return counts.map((count) => ({
    count,
    atLeast: Math.ceil((count * minimumHealthy) / 100),
    atMost: Math.floor((count * maximum) / 100),
  }));
}

function evicted([smallest]: readonly RolloutStep[]): number {
  return smallest ? smallest.count - smallest.atLeast : 0;
}

function hintsOf({ task, service, beside }: Parts, main: EcsContainer): Hints {
  const port = service?.balanced?.port ?? main.ports[0]?.number ?? null;
  const http = main.ports.find(({ number }) => number === port)?.http ?? false;
  return {
    project: task.project,
    served: service !== null && (service.balanced !== null || service.aliases.length > 0),
    port,
    protocol: http || service?.balanced ? "http" : "tcp",
    rollout: service && service.otherRollout === null ? rolloutOf(service) : null,
    rounding: "down",
    internet: beside.reach ? (beside.reach.reaches["internet"] ?? []) : null,
    healthProgram: main.health.program,
  };
}

function rolloutOf({ minimumHealthy, maximum }: EcsService): Hints["rollout"] {
  if (minimumHealthy === 0 && maximum === 100) return { strategy: "replaceOneByOne" };
  return { strategy: "surge", minHealthy: minimumHealthy, max: maximum };
}
