/** Liveness and readiness of one replica, by its form's own numbers. */
import type { Behaviour, ProbeBehaviour } from "../../../platform/model/behaviour.ts";
import { checkHttp } from "../http-check.ts";
import type { Time } from "../time.ts";
import { patience } from "./patience.ts";

export interface ProbesOptions {
  readonly behaviour: Pick<Behaviour, "liveness" | "readiness" | "startGrace" | "ports">;
  readonly host: string;
  /** What the declared port is mapped to. */
  readonly port: number | null;
  readonly time: Time;
  /** Called once, when liveness has failed often enough; nothing is probed any more then. */
  readonly onDead: (reason: string) => void;
}

export interface Probes {
  /** True while it may get traffic. Without a readiness probe that is as soon as it is alive; without any, at once. */
  readonly ready: boolean;
  /** The last thing that was wrong: `/ready answered 503`; empty when nothing was. */
  readonly problem: string;
  stop(): void;
}

/** Until something has answered, it is asked this often. @source Docker's default `--start-interval`, in model seconds */
const START_INTERVAL = 5;
const LEAST_INTERVAL_MILLISECONDS = 100;
/** A process answers no faster because time is scaled. */
const LEAST_TIMEOUT_MILLISECONDS = 1000;
/** Nor does it boot faster, and here all of them boot at once on a few cores. */
const LEAST_GRACE_MILLISECONDS = 10_000;

/** Starts probing at once. During the grace no failure counts; the first success ends it, as a startup probe's does. */
export function startProbes({ behaviour, host, port, time, onDead }: ProbesOptions): Probes {
  const graceEnds = performance.now() + patience(time, behaviour.startGrace, LEAST_GRACE_MILLISECONDS);
  const timers = new Map<ProbeBehaviour, NodeJS.Timeout>();
  let started = false;
  let stopped = false;
  let alive = behaviour.liveness === null;
  let ready = behaviour.readiness === null;
  let problem = "";

  const stop = (): void => {
    stopped = true;
    for (const timer of timers.values()) clearTimeout(timer);
  };
  const ask = async (probe: ProbeBehaviour): Promise<boolean> => {
    const mapped = probe.port === behaviour.ports[0] ? port : null;
    if (mapped === null) {
      problem = `${probe.path} is asked on port ${probe.port}, which it does not declare`;
      return false;
    }
    const timeout = time.milliseconds(probe.timeout, LEAST_TIMEOUT_MILLISECONDS);
    const { status, detail } = await checkHttp({ host, port: mapped, path: probe.path, timeout });
    const ok = status !== null && status >= 200 && status < 400;
    if (!ok) problem = status === null ? `${probe.path}: ${detail}` : `${probe.path} answered ${status}`;
    return ok;
  };
  const run = (probe: ProbeBehaviour, judge: (ok: boolean, failures: number) => void): void => {
    let failures = 0;
    const once = async (): Promise<void> => {
      const since = performance.now();
      const ok = await ask(probe);
      if (stopped) return;
      if (ok) {
        started = true;
        failures = 0;
      } else if (started || performance.now() > graceEnds) failures += 1;
      const interval = started ? probe.interval : Math.min(probe.interval, START_INTERVAL);
      const pause = time.milliseconds(interval, LEAST_INTERVAL_MILLISECONDS) - (performance.now() - since);
      timers.set(
        probe,
        setTimeout(() => void once(), Math.max(0, pause)),
      );
      judge(ok, failures); // last, for it may stop the timers
    };
    void once();
  };

  const { liveness, readiness } = behaviour;
  if (readiness)
    run(readiness, (ok, failures) => {
      if (ok) ready = true;
      else if (failures >= readiness.failures) ready = false;
    });
  if (liveness)
    run(liveness, (ok, failures) => {
      if (ok) alive = true;
      if (failures < liveness.failures) return;
      stop();
      onDead(problem);
    });
  return {
    get ready() {
      return alive && ready && !stopped;
    },
    get problem() {
      return problem;
    },
    stop,
  };
}
