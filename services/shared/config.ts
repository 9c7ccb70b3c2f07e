import { z } from "zod";

import { createLogger } from "./logging.ts";

/** One variable that is absent or unfit: its name and what would be right. Never the value it has. */
export interface EnvProblem {
  readonly variable: string;
  readonly problem: string;
}

export type EnvResult<T> =
  { readonly ok: true; readonly env: T } | { readonly ok: false; readonly problems: readonly EnvProblem[] };

/** Exit code for bad use or a missing prerequisite. */
export const EXIT_BAD_ENV = 2;

/**
 * Parses an environment and reports every problem at once.
 *
 * Messages come from the schema alone, so a secret that was put into the wrong variable is not printed. A variable
 * set to the empty string counts as absent: that is how an unset reference arrives from a task definition.
 */
export function parseEnv<S extends z.ZodType>(
  schema: S,
  source: Readonly<Record<string, string | undefined>>,
): EnvResult<z.infer<S>> {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return { ok: true, env: parsed.data };
  const problems = parsed.error.issues.map((issue) => {
    const variable = issue.path.map(String).join(".");
    return { variable, problem: variable in given ? issue.message : `is missing; ${issue.message}` };
  });
  return { ok: false, problems };
}

/**
 * Reads the process's environment or ends the process: one JSON line that names each unfit variable, then exit 2.
 *
 * @param service name under which the line is logged
 */
export function readEnv<S extends z.ZodType>(service: string, schema: S): z.infer<S> {
  const result = parseEnv(schema, process.env);
  if (result.ok) return result.env;
  const names = [...new Set(result.problems.map((p) => p.variable))].join(", ");
  createLogger({ service, level: "info" }).fatal({ problems: result.problems }, `environment is not fit: ${names}`);
  process.exit(EXIT_BAD_ENV);
}

const integer = (allowed: string, min: number, max: number) =>
  z.coerce.number(allowed).int(allowed).min(min, allowed).max(max, allowed);

const list = (what: string, item: z.ZodString) =>
  z
    .string(what)
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(item, what).min(1, what));

/** A URL with one of the protocols, for instance `url("postgres", "postgresql")`. */
export const url = (...protocols: string[]) => {
  const allowed = `must be a URL that starts with ${protocols.map((p) => `${p}://`).join(" or ")}`;
  return z
    .string(allowed)
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)), {
      error: allowed,
    });
};

/** A comma list of URLs; a comma within one is written %2C. */
export const urlList = (...protocols: string[]) => {
  const one = url(...protocols);
  const allowed = `must be a comma list of URLs that start with ${protocols.map((p) => `${p}://`).join(" or ")}`;
  return list(allowed, z.string()).refine((urls) => urls.every((each) => one.safeParse(each).success), {
    error: allowed,
  });
};

/** Kafka's own rule for names of topics; groups follow it here too. */
export const kafkaName = z
  .string("must be a name of letters, digits, dot, underscore or hyphen, at most 249 long")
  .regex(/^[\w.-]{1,249}$/, "must be a name of letters, digits, dot, underscore or hyphen, at most 249 long");

/** Symbols such as BTC-USD; the only shape of product that topics, tables and paths take. */
export const PRODUCT = /^[A-Z0-9]{1,16}-[A-Z0-9]{1,16}$/;

export const productList = list(
  "must be a comma list of products like BTC-USD,ETH-USD",
  z.string().regex(PRODUCT, "must be a comma list of products like BTC-USD,ETH-USD"),
).refine((products) => new Set(products).size === products.length, { error: "must not name a product twice" });

export const logLevel = z
  .enum(["fatal", "error", "warn", "info", "debug", "trace"], "must be fatal, error, warn, info, debug or trace")
  .default("info");

export const nodeEnv = z.enum(["production", "development", "test"], "must be production, development or test");

/** What every service and worker takes. Port 0 lets the system choose; the chosen one is logged. */
export const common = {
  NODE_ENV: nodeEnv,
  PORT: integer("must be a port, 0 to 65535", 0, 65_535),
  HOST: z.string("must be an address to listen on").default("0.0.0.0"),
  LOG_LEVEL: logLevel,
  /** Seconds; above the idle timeout of the load balancer in front, or it meets closed connections (502). */
  KEEP_ALIVE_SECONDS: integer("must be whole seconds, 1 to 3600", 1, 3600).default(75),
  /** Where traces and metrics go, by OTLP over HTTP; without it they go nowhere. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url("http", "https").optional(),
};

export const postgres = { DATABASE_URL: url("postgres", "postgresql") };

export const kafka = {
  KAFKA_BROKERS: list(
    "must be a comma list of host:port",
    z.string().regex(/^[^\s:]+:\d{1,5}$/, "must be a comma list of host:port"),
  ),
  /** `iam`: TLS, and each client says who it is by its role, as MSK asks. */
  KAFKA_SECURITY: z.enum(["plaintext", "tls", "iam"], "must be plaintext, tls or iam"),
  /** Set by ECS and EKS themselves; with `iam` it is what tokens are signed for. */
  AWS_REGION: z.string("must be an AWS region").optional(),
};

/** Whole seconds, for schemas of services. */
export const seconds = (min: number, max: number) =>
  integer(`must be whole seconds, ${String(min)} to ${String(max)}`, min, max);
