import type { ErrorRequestHandler, RequestHandler } from "express";
import type { z } from "zod";

import type { Logger } from "./logging.ts";
import { Problem, sendProblem } from "./problem.ts";

/** Turns an error of a handler or of Express itself into a refusal, or undefined when it isn't the client's fault. */
export type ErrorTranslation = (error: unknown) => Problem | undefined;

/** Errors of body-parser and of the router carry `type` and `status`; their messages quote the input, so ours don't. */
export function fromExpress(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (typeof error !== "object" || error === null) return undefined;
  const type = "type" in error ? error.type : undefined;
  if (type === "entity.parse.failed") return new Problem("invalid-json", "The body could not be read as JSON.");
  if (type === "entity.too.large") return new Problem("body-too-large", "The body is larger than this path takes.");
  if (type === "charset.unsupported" || type === "encoding.unsupported") {
    return new Problem("unsupported-media-type", "Send UTF-8 JSON, plain or gzip, deflate or br encoded.");
  }
  const status = "status" in error ? error.status : undefined;
  if (typeof status === "number" && status >= 400 && status < 500) {
    return new Problem("bad-request", "The request could not be read.");
  }
  return undefined;
}

/** Last handler of an app: every error becomes a problem document; what nobody foresaw is logged and answered 500. */
export function problemHandler(log: Logger, ...translations: ErrorTranslation[]): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const requestId = String(response.getHeader("x-request-id") ?? "");
    for (const translate of [fromExpress, ...translations]) {
      const problem = translate(error);
      if (!problem) continue;
      if (problem.status >= 500) log.warn({ err: error, requestId }, "refused");
      sendProblem(response, problem, requestId);
      return;
    }
    log.error({ err: error, requestId }, "a request failed");
    sendProblem(response, new Problem("internal", "The failure has been logged under this request id."), requestId);
  };
}

/** For paths nobody serves. */
export const notFound: RequestHandler = () => {
  throw new Problem("not-found", "No such path.");
};

/** For methods a path does not have; `allowed` goes into the Allow header. */
export function onlyMethods(...allowed: string[]): RequestHandler {
  return () => {
    throw new Problem("method-not-allowed", `Allowed here: ${allowed.join(", ")}.`, {
      headers: { allow: allowed.join(", ") },
    });
  };
}

/** Bodies must say that they are JSON; body-parser alone would skip others and leave an empty body. */
export const onlyJson: RequestHandler = (request, _response, next) => {
  if (!request.is("application/json")) {
    throw new Problem("unsupported-media-type", "Send the body as application/json.");
  }
  next();
};

/** Parses, or throws a problem that lists every unfit field. */
export function parsed<S extends z.ZodType>(
  schema: S,
  input: unknown,
  code: "invalid-body" | "invalid-parameters",
): z.infer<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => ({
    path: issue.path.map(String).join("."),
    detail: issue.message,
  }));
  throw new Problem(code, `${errors.length === 1 ? "One field is" : `${errors.length} fields are`} not valid.`, {
    errors,
  });
}
