import { type Logger, messageOf } from "./logging.ts";
import { within } from "./retry.ts";

export interface DrainStep {
  readonly name: string;
  readonly run: () => Promise<void> | void;
}

export interface Lifecycle {
  /** Fires when the drain begins; readiness and loops look at it. */
  readonly draining: AbortSignal;
  /** Adds a step to the drain; steps run one after another in the order they were added. */
  onDrain(name: string, run: () => Promise<void> | void): void;
  /** Runs all steps, once however often it is called. Resolves to true when every step ended well and in time. */
  drain(reason: string): Promise<boolean>;
}

export interface LifecycleOptions {
  readonly log: Logger;
  /** The most milliseconds one step may take; a step that hangs must not keep the others from running. */
  readonly stepTimeout?: number;
}

/** Ten seconds a step: a drain of few steps stays below the 30 s after which an orchestrator kills. */
const STEP_TIMEOUT = 10_000;

/**
 * Milliseconds a server still accepts after the drain began: a load balancer that has just been told may have sent one
 * more request, and a refused one would be lost.
 */
export const LINGER_MS = 1_000;

/** The state of one process between start and exit, without signals or exits, so that tests can drive it. */
export function createLifecycle({ log, stepTimeout = STEP_TIMEOUT }: LifecycleOptions): Lifecycle {
  const abort = new AbortController();
  const steps: DrainStep[] = [];
  let drained: Promise<boolean> | undefined;

  const runSteps = async (reason: string): Promise<boolean> => {
    log.info({ reason }, "draining");
    abort.abort();
    let clean = true;
    for (const { name, run } of steps) {
      try {
        await within(stepTimeout, `drain step ${name}`, Promise.resolve(run()));
        log.debug({ step: name }, "drain step done");
      } catch (error) {
        clean = false;
        log.error({ step: name, err: error }, `drain step ${name} failed`);
      }
    }
    log.info({ clean }, "drained");
    return clean;
  };

  return {
    draining: abort.signal,
    onDrain: (name, run) => void steps.push({ name, run }),
    drain: (reason) => (drained ??= runSteps(reason)),
  };
}

/**
 * Ties a lifecycle to the process: SIGTERM and SIGINT drain and exit 0 (1 when a step failed), a second signal exits at
 * once, an error nobody caught is logged and drains to exit 1.
 */
export function runUntilSignalled(lifecycle: Lifecycle, log: Logger): void {
  let signals = 0;
  const stop = (reason: string, code: 0 | 1): void => {
    void lifecycle.drain(reason).then((clean) => process.exit(clean ? code : 1));
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(1);
      stop(signal, 0);
    });
  }
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, `${event}: ${messageOf(error)}`);
      stop(event, 1);
    });
  }
}
