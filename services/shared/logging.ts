import { pino, type DestinationStream, type Logger } from "pino";

export type { Logger } from "pino";

export interface LogOptions {
  readonly service: string;
  readonly level: string;
  /** Where lines go; stdout unless a test collects them. */
  readonly to?: DestinationStream;
}

/**
 * Structured JSON lines: `level` as a word, `time` in ISO 8601, `service`, `msg`.
 *
 * Written synchronously, so that the last line before an exit is not lost. Errors are cut down to name, message, code
 * and stack: drivers hang connection settings and row values on theirs, and those have no place in a log.
 */
export function createLogger({ service, level, to }: LogOptions): Logger {
  const options = {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
  };
  return to ? pino(options, to) : pino(options);
}

/** Sends Node's own warnings through the log, so that every line of a service has one shape. */
export function routeWarnings(log: Logger): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => log.debug({ err: warning }, "node warning"));
}

/** What may be told of an error: never its extra properties. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error, message: "something that is no error was thrown" };
  const code = errorCode(error);
  return { type: error.name, message: messageOf(error), ...(code ? { code } : {}), stack: error.stack };
}

/** The `code` that Node's system errors and Postgres' errors carry, when it is a string. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** A message also for AggregateError, whose own is empty (a connect that failed on IPv4 and IPv6). */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
