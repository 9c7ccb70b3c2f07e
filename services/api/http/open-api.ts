/** The rows of the API as an OpenAPI document. @source OpenAPI Specification 3.1.1 */
import { z } from "zod";

import { Problem, type ProblemCode } from "../../shared/problem.ts";
import { type AnswerSpec, NOT_KEPT, type Route } from "./route.ts";
import { named, schemas } from "./schemas.ts";

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
  /** Any of them: `{}` is nobody. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export interface OpenApiResponse {
  readonly description: string;
  readonly content?: Content;
}

export type JsonSchema = Readonly<Record<string, unknown>>;
export type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

export interface OpenApi {
  readonly openapi: "3.1.1";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>;
  };
}

const problem = named(
  "Problem",
  z
    .object({
      type: z.string().describe("`urn:cryptotracker:problem:` and the kind."),
      title: z.string(),
      status: z.int(),
      detail: z.string().describe("For a person."),
      requestId: z.string().optional().describe("As in the X-Request-Id header."),
      errors: z
        .array(z.object({ path: z.string(), detail: z.string() }))
        .optional()
        .describe("What is wrong with each field, and what is allowed."),
    })
    .describe("RFC 9457."),
);

const BASE = "/api/v1";
const DESCRIPTION = `Every answer has an \`X-Request-Id\`; one that you send is kept. A refusal is a problem document
(RFC 9457). Requests are counted for each user, or else for each network: \`RateLimit\` says how many are left, and 429
comes with \`Retry-After\`. While what counts is away nothing is refused, and the header is missing. A GET is answered 304
when \`If-None-Match\` has its \`ETag\`. Query parameters and fields that a path does not know are refused.`;

export function openApiOf(routes: readonly Route[]): OpenApi {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operationOf(route);
  return {
    openapi: "3.1.1",
    info: { title: "CryptoTracker", version: "1", description: DESCRIPTION },
    servers: [{ url: BASE }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: { token: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}

function operationOf(route: Route): Operation {
  const { id, tag, summary, description, access, body, answers } = route;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: [...parametersOf(route.params, "path"), ...parametersOf(route.query, "query"), ...headersOf(route)],
    ...(body ? { requestBody: { required: true, content: { "application/json": { schema: referTo(body) } } } } : {}),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)])),
      ...(route.method === "get" && route.cacheControl !== NOT_KEPT
        ? { 304: { description: "It is what you have." } }
        : {}),
      ...refusalsOf(route),
    },
    security: access === "open" ? [{}] : access === "member" ? [{ token: [] }] : [{}, { token: [] }],
  };
}

function responseOf({ description, schema, page }: AnswerSpec): OpenApiResponse {
  if (page) return { description, content: { "text/html": { schema: { type: "string" } } } };
  return schema ? { description, content: { "application/json": { schema: referTo(schema) } } } : { description };
}

/** All that a row can refuse: what follows from what it takes, and what it says itself. By status. */
function refusalsOf(route: Route): Record<string, OpenApiResponse> {
  const codes: ProblemCode[] = [
    ...(takesParameters(route) ? (["invalid-parameters"] as const) : []),
    ...(route.keyed ? (["idempotency-key-required"] as const) : []),
    ...(route.body ? (["invalid-json", "invalid-body", "body-too-large", "unsupported-media-type"] as const) : []),
    ...(route.access === "open" ? [] : (["unauthenticated"] as const)),
    ...route.refusals,
    ...(["bad-request", "too-many-requests", "internal", "unavailable"] as const),
  ];
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const { status, title } = new Problem(code, "").document();
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${title}.`]);
  }
  const content: Content = { "application/problem+json": { schema: referTo(problem) } };
  return Object.fromEntries(
    [...byStatus].map(([status, kinds]) => [String(status), { description: kinds.join(" "), content }]),
  );
}

const takesParameters = ({ params, query }: Route): boolean =>
  Object.keys(params.shape).length + Object.keys(query.shape).length > 0;

function parametersOf(shape: z.ZodObject, where: "path" | "query"): readonly Parameter[] {
  const { required } = z.toJSONSchema(shape, { io: "input" });
  return Object.entries(shape.shape).map(([name, field]) => {
    const { description, ...schema } = bare(z.toJSONSchema(field, { io: "input" }));
    return {
      ...{ name, in: where, required: required?.includes(name) ?? false },
      ...(typeof description === "string" ? { description } : {}),
      schema,
    };
  });
}

function headersOf({ keyed }: Route): readonly Parameter[] {
  if (!keyed) return [];
  const schema = { type: "string", format: "uuid" };
  return [{ name: "Idempotency-Key", in: "header", required: true, description: "A new UUID for each thing.", schema }];
}

/** @throws Error for a schema without a name: the document would hold it twice, or not at all */
function referTo(schema: z.ZodType): JsonSchema {
  const name = schemas.get(schema)?.id;
  if (name === undefined) throw new Error("a body or an answer has a schema without a name");
  return { $ref: `#/components/schemas/${name}` };
}

function componentSchemas(): Record<string, JsonSchema> {
  const all = z.toJSONSchema(schemas, { io: "input", uri: (id) => `#/components/schemas/${id}` }).schemas;
  return Object.fromEntries(Object.entries(all).map(([name, schema]) => [name, bare(schema)]));
}

/** Dialect and place are the document's to say. */
function bare(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema" && key !== "$id"));
}
