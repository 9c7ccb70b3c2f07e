/** What a refused request tells a person. @source RFC 9457 */
import * as z from "zod/mini";

const document = z.object({
  title: z.string(),
  status: z.number(),
  detail: z.optional(z.string()),
  type: z.optional(z.string()),
  requestId: z.optional(z.string()),
  errors: z.optional(z.array(z.object({ path: z.string(), detail: z.string() }))),
});

/** A refusal as a page shows it. */
export interface Problem {
  readonly title: string;
  readonly detail: string | undefined;
  /** 0 when no answer came. */
  readonly status: number;
  /** The kind, `invalid-credentials`; empty where the answer has none. */
  readonly code: string;
  /** What is wrong with which field, by its path. */
  readonly fields: Readonly<Record<string, string>>;
  /** Under which the services' logs have it. */
  readonly requestId: string | undefined;
}

export class RefusedError extends Error {
  override name = "RefusedError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

export const UNREACHABLE: Problem = {
  title: "The service can't be reached",
  detail: "Look at your connection, or try again in a moment.",
  status: 0,
  code: "unreachable",
  fields: {},
  requestId: undefined,
};

/** Reads a refusal's body; whatever else a proxy may send becomes a sentence too. */
export function readProblem(status: number, body: unknown): Problem {
  const read = document.safeParse(body);
  if (!read.success) {
    const title = status >= 500 ? "The service is not available at the moment" : "The request was refused";
    return { title, detail: `It answered ${status}.`, status, code: "", fields: {}, requestId: undefined };
  }
  const { title, detail, type = "", errors = [], requestId } = read.data;
  return {
    title,
    detail,
    status,
    code: type.startsWith("urn:") ? (type.split(":").at(-1) ?? "") : "",
    fields: fieldsOf(errors),
    requestId,
  };
}

/** A field that has several faults shows them all. */
function fieldsOf(errors: readonly { readonly path: string; readonly detail: string }[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { path, detail } of errors) {
    const known = fields[path];
    fields[path] = known === undefined ? detail : `${known}; ${detail}`;
  }
  return fields;
}

/** Faults whose fields the form doesn't have: the summary names them, so that none is lost. */
export function faultsBeyond(problem: Problem, shown: readonly string[]): readonly string[] {
  return Object.entries(problem.fields)
    .filter(([path]) => !shown.includes(path))
    .map(([path, detail]) => (path === "" ? detail : `${path}: ${detail}`));
}

/** What was thrown, as a page shows it. Nothing that is thrown here is without one. */
export function problemOf(error: unknown): Problem {
  if (error instanceof RefusedError) return error.problem;
  return { ...UNREACHABLE, title: "Something went wrong on this page", detail: "Load it again.", code: "page" };
}
