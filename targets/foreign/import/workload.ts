/** A reading → a workload of the model, with a remark for each thing that it does not say. */
import { RUN_AS_USER, TEMPORARY_PATH } from "../../../platform/conventions.ts";
import type { Binding, Image, Job, Trigger, Workload } from "../../../platform/model/types.ts";
import { shownArguments } from "../hide.ts";
import { valueOr, type Reading } from "../seen.ts";
import { bindingsOf } from "./bindings.ts";
import { computeOf } from "./compute.ts";
import type { Context } from "./context.ts";
import { repositoryName } from "./names.ts";
import { addNotes, Remarks, type Remark } from "./remarks.ts";
import { isSingle, probesOf, rolloutOf, scalingOf, shutdownOf, SINGLETON } from "./running.ts";

export interface ImportedWorkload {
  readonly workload: Workload;
  readonly where: string;
  readonly remarks: readonly Remark[];
}

export interface Names {
  readonly name: string;
  readonly slug: string;
}

type Environment = Readonly<Record<string, string>>;

/** What a job that has no deadline gets: something has to end it. */
const DEADLINE = 3600;
const PORT = 8080;

export function portOf({ hints, main: { seen } }: Reading): number {
  const probe = valueOr(seen.readiness, null) ?? valueOr(seen.liveness, null);
  return hints.port ?? probe?.port ?? PORT;
}

/** @param names as the model takes them, and no other workload has them */
export function workloadOf(reading: Reading, names: Names, context: Context): ImportedWorkload {
  const remarks = new Remarks();
  if (names.name !== reading.name) remarks.add("name", `in the files it is called ${reading.name}`);
  addNotes(reading, remarks);
  const job = reading.whole.kind;
  const isJob =
    remarks.or("kind", job, reading.hints.port === null ? "job" : "longRunning", "taken for what it looks like") ===
    "job";
  const common = commonOf(reading, names, isJob, context, remarks);
  const workload = isJob ? jobOf(reading, common, remarks) : runningOf(reading, common, remarks);
  return { workload, where: reading.where, remarks: remarks.list };
}

type Common = Omit<Job, "kind" | "trigger" | "attempts" | "deadline" | "checkpoint"> & {
  readonly deadline: number | null;
};

function commonOf(reading: Reading, names: Names, isJob: boolean, context: Context, remarks: Remarks): Common {
  const { main, whole, hints } = reading;
  const compute = computeOf(reading, remarks);
  const command = valueOr(main.seen.command, null);
  const {
    PORT: port,
    JOB_DEADLINE_SECONDS: deadline,
    ...variables
  } = valueOr<Environment, Environment>(main.seen.env, {});
  const own = isJob ? undefined : String(portOf(reading));
  if (port !== undefined && port !== own)
    remarks.add("env", `left out: PORT=${JSON.stringify(port)}; the model says ${own ?? "none"}`);
  const env = isJob && port !== undefined ? { ...variables, PORT: port } : variables;
  const identity = remarks.or("uses", whole.identity, null, "what it may do is not said");
  const wired = bindingsOf(
    { workload: names.name, env, secrets: valueOr(main.seen.secrets, {}), identity },
    context,
    remarks,
  );
  for (const [name, where] of main.elsewhere) remarks.add("env", `left out: ${name}, which comes from ${where}`);
  if (main.moreEnv !== null) remarks.add("env", `there may be more: ${main.moreEnv}`);
  conventions(reading, remarks);
  const internet: readonly Binding[] = hints.internet?.length
    ? [{ to: { kind: "internet", name: "anywhere" }, access: "call", hosts: "any", ports: hints.internet }]
    : [];
  if (hints.internet?.length) remarks.add("uses", "which hosts of the internet it calls is not said");
  return {
    ...names,
    image: imageOf(reading, remarks),
    ...(command === null ? {} : { command: argumentsOf(command, remarks) }),
    compute,
    env: wired.env,
    uses: [...wired.uses, ...internet],
    shutdown: shutdownOf(reading, remarks),
    ...(valueOr(whole.zones, "any") === "together" ? { zones: "together" as const } : {}),
    interruptible: compute.purchase === "spot",
    deadline: deadline !== undefined && /^\d+$/.test(deadline) ? Number(deadline) : null,
  };
}

function imageOf({ main: { seen }, hints }: Reading, remarks: Remarks): Image {
  const reference = valueOr(seen.image, "");
  if (isByDigest(reference)) {
    return { reference, ...(hints.healthProgram ? { healthCheck: hints.healthProgram } : {}) };
  }
  const build = repositoryName(reference);
  if (!reference.startsWith("${"))
    remarks.add("image", `the files run ${reference}; ours are built, and somebody else's are named by digest`);
  return { build };
}

function isByDigest(reference: string): reference is `${string}@sha256:${string}` {
  return /@sha256:[0-9a-f]{64}$/.test(reference);
}

function argumentsOf(command: readonly string[], remarks: Remarks): readonly string[] {
  const shown = shownArguments(command);
  if (shown.some((each, index) => each !== command[index]))
    remarks.add("command", "an argument looks like a secret, and its value is not copied");
  return shown;
}

/** What every workload of ours is alike in: the model has no words for another way. */
function conventions({ main: { seen }, companions, whole }: Reading, remarks: Remarks): void {
  const [entryPoint, user] = [valueOr(seen.entryPoint, null), valueOr(seen.user, null)];
  if (entryPoint !== null)
    remarks.add(
      "command",
      `not said here: in place of the image's entry point stands ${JSON.stringify(shownArguments(entryPoint))}`,
    );
  if (user === null || user !== RUN_AS_USER)
    remarks.add(
      null,
      `not said here: it runs as ${user === null ? "the image's user" : `user ${user}`}; all of ours run as ${RUN_AS_USER}`,
    );
  if (!valueOr(seen.readOnlyRoot, false)) remarks.add(null, "not said here: its root file system is writable");
  if (valueOr(seen.privileged, false)) remarks.add(null, "not said here: it is privileged");
  const kept = valueOr<readonly string[], readonly string[]>(seen.capabilities, []);
  if (kept.length > 0) remarks.add(null, `not said here: it keeps Linux capabilities (${kept.join(", ")})`);
  const paths = valueOr<readonly string[], readonly string[]>(seen.writablePaths, []).filter(
    (each) => each !== TEMPORARY_PATH,
  );
  if (paths.length > 0) remarks.add(null, `not said here: volumes at ${paths.join(", ")}`);
  for (const each of companions) {
    const image = valueOr(each.seen.image, "");
    const limit = valueOr(each.seen.memoryLimit, Infinity);
    const size = `${valueOr(each.seen.cpu, 0)} vCPU, ${limit === Infinity ? "memory without a limit" : `${limit} MiB`}`;
    const role = { init: "an init container", sidecar: "a sidecar", helper: "a helper, which may end" }[each.role];
    remarks.add(null, `not said here: ${role}, ${each.name} (${image}; ${size})`);
  }
  if ("untold" in whole.routes) remarks.add(null, `whether it has public paths is not said; ${whole.routes.untold}`);
}

function jobOf({ whole, hints }: Reading, { deadline: told, ...common }: Common, remarks: Remarks): Workload {
  if (hints.served) remarks.add(null, "not said here: something addresses it");
  const found = valueOr(whole.job, null);
  if (!found) remarks.add("trigger", "made up: when it runs");
  const deadline = found?.deadline ?? told;
  if (deadline === null) remarks.add("deadline", `made up: ${DEADLINE} s, for the files let it run for ever`);
  if (found?.maxParallel === null) remarks.add("trigger", "not said here: a run may begin while another still runs");
  return {
    kind: "job",
    ...common,
    trigger: triggerOf(found?.trigger ?? "before:rollout", remarks),
    attempts: found?.attempts ?? 1,
    deadline: deadline ?? DEADLINE,
  };
}

function triggerOf(text: string, remarks: Remarks): Trigger {
  const [, schedule] = /^schedule:(.+)$/s.exec(text) ?? [];
  if (schedule !== undefined) return { schedule };
  if (text !== "before:rollout") remarks.add("trigger", `not said here: it runs at ${text}`);
  return { before: "rollout" };
}

function runningOf(reading: Reading, { deadline, ...common }: Common, remarks: Remarks): Workload {
  const { hints, main, whole } = reading;
  const number = portOf(reading);
  if (deadline !== null) remarks.add("env", `left out: JOB_DEADLINE_SECONDS=${deadline}, for it is no job`);
  if (hints.port === null) remarks.add("port", `made up: ${number}, for the files name no port`);
  const others = valueOr<readonly number[], readonly number[]>(main.seen.ports, []).filter((each) => each !== number);
  if (others.length > 0) remarks.add("port", `not said here: it listens on ${others.join(", ")} too`);
  const probes = probesOf(reading, number, remarks);
  const routes = valueOr<readonly string[], readonly string[]>(whole.routes, []);
  if (!hints.served && isSingle(reading)) {
    const rollout = rolloutOf(reading, { min: 1, max: 1 }, remarks);
    return { kind: "worker", ...common, port: { number, protocol: "http" }, probes, scaling: SINGLETON, rollout };
  }
  const scaling = scalingOf(reading, remarks);
  const rollout = rolloutOf(reading, scaling, remarks);
  if (!hints.served) return { kind: "worker", ...common, port: { number, protocol: "http" }, probes, scaling, rollout };
  const route = routes.length > 0 ? { route: { paths: routes } } : {};
  return { kind: "service", ...common, port: { number, protocol: hints.protocol }, ...route, probes, scaling, rollout };
}
