/** The kubelet's probes, and what happens before a container is told to stop. */
import type { ProbeBehaviour } from "../../../platform/model/behaviour.ts";
import type { Fields } from "../fields.ts";
import { told, untold, type Told } from "../seen.ts";

/** @source Kubernetes API reference, Probe, 1.30 */
const DEFAULTS = { period: 10, timeout: 1, failures: 3 } as const;

export interface Probe {
  readonly asks: Told<ProbeBehaviour | null>;
  readonly initialDelay: number;
  /** How long it goes on failing before anything happens. */
  readonly patience: number;
}

/** @param ports the container's, by name */
export function readProbe(fields: Fields, ports: ReadonlyMap<string, number>): Probe {
  const interval = fields.whole("periodSeconds") ?? DEFAULTS.period;
  const timeout = fields.whole("timeoutSeconds") ?? DEFAULTS.timeout;
  const failures = fields.whole("failureThreshold") ?? DEFAULTS.failures;
  const initialDelay = fields.whole("initialDelaySeconds") ?? 0;
  fields.ours("successThreshold", [1], "how many successes in a row count");
  fields.unsaid("terminationGracePeriodSeconds", "a stop time-out of the probe's own", "shutdown");
  const http = fields.object("httpGet", (get) => {
    get.unsaid("host", "a host other than the pod", "probes");
    get.unsaid("httpHeaders", "headers of its probes", "probes");
    get.ours("scheme", ["HTTP"], "probes by HTTPS");
    return { path: get.text("path") ?? "/", port: portOf(get.scalar("port"), ports) };
  });
  const other = ["exec", "tcpSocket", "grpc"].find((name) => fields.has(name));
  for (const name of ["exec", "tcpSocket", "grpc"]) fields.raw(name);
  const asks: Told<ProbeBehaviour | null> = http
    ? told({ ...http, interval, timeout, failures })
    : untold(`it is probed by ${other ?? "nothing that we know"}, and our terms have HTTP alone`);
  return { asks, initialDelay, patience: initialDelay + interval * failures };
}

function portOf(given: string | number | undefined, ports: ReadonlyMap<string, number>): number {
  return ports.get(String(given)) ?? (Number(given) || 0);
}

/** How long `preStop` waits; a program of its own can not be told. */
export function readDrain(lifecycle: Fields): Told<number> {
  lifecycle.unsaid("postStart", "a hook right after the start");
  lifecycle.unsaid("stopSignal", "a signal other than SIGTERM", "shutdown");
  return lifecycle.object("preStop", preStop) ?? told(0);
}

const SLEEP = /^(?:\/bin\/|\/usr\/bin\/)?sleep (\d+)s?$/;

function preStop(fields: Fields): Told<number> {
  const seconds = fields.object("sleep", (sleep) => sleep.whole("seconds"));
  const command = fields.object("exec", (exec) => exec.texts("command"));
  if (seconds !== undefined) return told(seconds);
  const [shell = "", flag = "", script = ""] = command ?? [];
  const line = /(^|\/)(ba|da)?sh$/.test(shell) && flag === "-c" ? script.trim() : (command ?? []).join(" ");
  const [, slept] = SLEEP.exec(line) ?? [];
  if (slept !== undefined) return told(Number(slept));
  for (const name of ["httpGet", "tcpSocket"]) fields.raw(name);
  return untold("a program runs before it is told to stop");
}
