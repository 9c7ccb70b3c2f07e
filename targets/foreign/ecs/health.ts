/** A container's own health check on ECS, and what it asks when it is an HTTP request to this host. */
import type { ProbeBehaviour } from "../../../platform/model/behaviour.ts";
import type { Fields } from "../fields.ts";
import { told, untold, type Hints, type Told } from "../seen.ts";

/** @source ECS API reference, HealthCheck, 2026-11 */
const DEFAULTS = { interval: 30, timeout: 5, retries: 3, startPeriod: 0 } as const;

/** curl or wget, whatever its options, to this host. */
const REQUEST =
  /\b(?:curl|wget)\b[^|;&]*?[\s'"](?:(https?):\/\/)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d{1,5}))?(\/[^\s'"|;&)]*)?(?=$|[\s'"|;&)])/;

export interface Health {
  readonly probe: Told<ProbeBehaviour | null>;
  readonly startPeriod: number;
  readonly program: Hints["healthProgram"];
}

export const NO_HEALTH: Health = { probe: told(null), startPeriod: 0, program: null };

export function readHealth(fields: Fields): Health {
  const command = fields.texts("command");
  const rhythm = {
    interval: fields.whole("interval") ?? DEFAULTS.interval,
    timeout: fields.whole("timeout") ?? DEFAULTS.timeout,
    failures: fields.whole("retries") ?? DEFAULTS.retries,
  };
  const startPeriod = fields.whole("startPeriod") ?? DEFAULTS.startPeriod;
  const [how, ...words] = command;
  if (how === undefined || how === "NONE") return NO_HEALTH;
  const [request, scheme, port, path = "/"] = REQUEST.exec(` ${words.join(" ")}`) ?? [];
  if (request !== undefined) {
    const probe = { path, port: Number(port ?? (scheme === "https" ? 443 : 80)), ...rhythm };
    return { probe: told(probe), startPeriod, program: null };
  }
  const [program, ...args] = words;
  return {
    probe: untold("its health check is a command, of which only curl and wget to this host are understood"),
    startPeriod,
    program: how === "CMD" && program !== undefined ? [program, ...args] : null,
  };
}
