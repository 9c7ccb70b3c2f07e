import type { ServerResponse } from "node:http";

/** An RFC 9457 problem document. `type` is a URI reference that names the kind; `detail` is for a person. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId?: string;
  readonly errors?: readonly FieldError[];
}

/** What is wrong with one field: a path such as `products.0`, and what is allowed. */
export interface FieldError {
  readonly path: string;
  readonly detail: string;
}

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** Every kind of refusal the services give: title and status by code. One row adds one. */
const KINDS = {
  "bad-request": { status: 400, title: "The request is not well-formed" },
  "invalid-json": { status: 400, title: "The body is not valid JSON" },
  "invalid-parameters": { status: 400, title: "A parameter is not valid" },
  "invalid-body": { status: 400, title: "The body does not have the expected shape" },
  "idempotency-key-required": { status: 400, title: "An Idempotency-Key is required" },
  "invalid-credentials": { status: 401, title: "The address and the password do not belong together" },
  unauthenticated: { status: 401, title: "A valid token is required" },
  "cross-site": { status: 403, title: "Other sites may not ask this" },
  "idempotency-key-reused": { status: 422, title: "The Idempotency-Key belongs to another request" },
  "range-too-long": { status: 422, title: "The range holds more than one answer may" },
  "too-many-kept": { status: 409, title: "One user may keep no more of these" },
  "not-found": { status: 404, title: "There is nothing here" },
  "method-not-allowed": { status: 405, title: "The method is not allowed here" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The content type is not supported" },
  "upgrade-required": { status: 426, title: "This path speaks WebSocket" },
  "too-many-requests": { status: 429, title: "Too many requests in a short time" },
  internal: { status: 500, title: "Something went wrong on our side" },
  unavailable: { status: 503, title: "The service is not available at the moment" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof KINDS;

/** A refusal that may be shown as it is. Throw it anywhere below a request handler. */
export class Problem extends Error {
  override name = "Problem";
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: { errors?: readonly FieldError[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }

  get status(): number {
    return KINDS[this.code].status;
  }

  /** The document; `requestId` lets a person find the log lines of this request. */
  document(requestId?: string): ProblemDocument {
    return {
      type: `urn:cryptotracker:problem:${this.code}`,
      title: KINDS[this.code].title,
      status: this.status,
      detail: this.message,
      ...(requestId ? { requestId } : {}),
      ...(this.errors ? { errors: this.errors } : {}),
    };
  }
}

/** A dependency is away: 503 with `Retry-After`, in seconds. */
export function unavailable(detail: string, retryAfterSeconds = 2): Problem {
  return new Problem("unavailable", detail, { headers: { "retry-after": String(retryAfterSeconds) } });
}

/** Answers with a problem document on a plain Node response. Does nothing once an answer has begun. */
export function sendProblem(response: ServerResponse, problem: Problem, requestId?: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(problem.document(requestId));
  response.writeHead(problem.status, {
    ...problem.headers,
    "content-type": PROBLEM_TYPE,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  response.end(body);
}
