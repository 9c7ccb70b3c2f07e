/** One replica: a process where a platform would run a container. */
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { setPriority } from "node:os";
import { dirname, join } from "node:path";
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import { messageOf } from "../errors.ts";
import { endChild, startChild, type Exit } from "../processes/child.ts";
import { freePort, LOCALHOST, returnPort } from "../processes/ports.ts";
import type { Time } from "../time.ts";
import { environmentOf, type Resolvers } from "./environment.ts";
import { SideError } from "./errors.ts";
import type { EntryOf } from "./images.ts";
import { patience } from "./patience.ts";

export interface ReplicaOptions extends Resolvers {
  /** Unique among all sides: `ecs-api-service-3`. */
  readonly id: string;
  readonly behaviour: Behaviour;
  readonly time: Time;
  readonly entryOf: EntryOf;
  /** Files that Node imports before the service: fault injection. */
  readonly preload?: readonly string[];
  /** Keeps its log in `<folder>/<id>.log`. */
  readonly logFolder?: string;
}

/** How it ended, and whether it was killed, as after its stop timeout. */
export type ReplicaExit = Exit & { readonly killed: boolean };

export interface Replica {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** The free port that stands for the declared one; null for what listens nowhere. */
  readonly port: number | null;
  /** Resolves once; never rejects. */
  readonly exited: Promise<ReplicaExit>;
  /** SIGTERM, and SIGKILL after the form's stop timeout. Twice is harmless. */
  stop(): Promise<ReplicaExit>;
  /** SIGKILL at once. */
  kill(): Promise<ReplicaExit>;
  /** Its last 200 log lines. */
  logs(): readonly string[];
}

/** A process that drains takes its real time, however fast model seconds pass. */
const LEAST_STOP_MILLISECONDS = 10_000;
/** kafkajs 2 sets a timer in the past once per connection; Node warns about it, and nothing is wrong. */
const NODE_FLAGS = ["--disable-warning=TimeoutNegativeWarning"];

/**
 * Starts it; it may still end at once.
 * @throws SideError when the form is wrong: no entry for the image on this machine, another PORT than the declared one, a
 *   reference that nothing resolves. Error when the process can't be spawned
 */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { id, behaviour, time, entryOf, preload = [], logFolder } = options;
  const entry = entryOf(behaviour.image);
  if (entry === null) throw new SideError(behaviour.name, `nothing on this machine is built as ${behaviour.image}`);
  const port = behaviour.ports.length > 0 ? await freePort() : null;
  const env = environmentOf(behaviour, options, port);
  const log = logFolder === undefined ? null : createWriteStream(join(logFolder, `${id}.log`), { flags: "a" });
  log?.on("error", () => undefined); // a full disk must not stop the service
  const child = await startChild({
    command: process.execPath,
    args: [...NODE_FLAGS, ...preload.flatMap((file) => ["--import", file]), ...argumentsOf(behaviour, entry)],
    // the folder that holds services/, as in the image
    cwd: dirname(dirname(dirname(entry))),
    env,
    ...(log === null ? {} : { onLine: (line) => log.write(`${line}\n`) }),
  }).catch((error: unknown) => {
    if (port !== null) returnPort(port);
    log?.end();
    throw new Error(`it can't be started (${messageOf(error)})`, { cause: error });
  });
  yieldToLoadBalancer(child.pid);
  const exited = child.exited.then(async (exit) => {
    if (port !== null) returnPort(port);
    if (log) await endLog(log);
    return { ...exit, killed: exit.signal === "SIGKILL" };
  });
  let stopping: Promise<ReplicaExit> | null = null;
  return {
    id,
    pid: child.pid,
    host: LOCALHOST,
    port,
    exited,
    stop: () =>
      (stopping ??= endChild(child, "SIGTERM", patience(time, behaviour.stopTimeout, LEAST_STOP_MILLISECONDS)).then(
        () => exited,
      )),
    kill: () => {
      child.signal("SIGKILL");
      return exited;
    },
    logs: () => child.lines(),
  };
}

/**
 * Services of both sides share this machine's cores with the load balancer and the load, which must not wait for them:
 * what is measured would be the machine. 0 is usual, 19 the politest.
 */
const NICENESS = 5;

function yieldToLoadBalancer(pid: number): void {
  try {
    setPriority(pid, NICENESS);
  } catch {
    // It is gone already, or this system has no such thing: then it runs like everything else.
  }
}

/** An image runs `node services/<build>/main.ts`; a command replaces all of it, so it may repeat the `node`. */
function argumentsOf({ command }: Behaviour, entry: string): readonly string[] {
  if (command === null || command.length === 0) return [entry];
  return command[0] === "node" ? command.slice(1) : command;
}

async function endLog(log: WriteStream): Promise<void> {
  log.end();
  if (!log.closed && !log.destroyed) await once(log, "close").catch(() => undefined);
}
