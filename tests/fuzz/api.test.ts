/** Whatever the document's own schemas allow, and what they don't: never our fault, and every refusal says what is wrong. */
import { expect } from "chai";
import fc, { type Arbitrary } from "fast-check";
import { z } from "zod";

import type { openApiOf, JsonSchema, Operation, Parameter } from "../../services/api/http/open-api.ts";
import { type Database, freshDatabase, needs } from "../services/support.ts";
import { anything, fitting, spoilt } from "../services/api/from-schema.ts";
import { type Answer, type Api, startApi } from "../services/api/server.ts";
import { seeded } from "./seeded.ts";

type Document = ReturnType<typeof openApiOf>;
interface Sent {
  readonly path: string;
  readonly init: RequestInit;
}

const EACH = 200;
const LEAST = 5_000;

const problemDocument = z.strictObject({
  type: z.string().regex(/^urn:cryptotracker:problem:[a-z-]+$/),
  title: z.string().min(1),
  status: z.int(),
  detail: z.string().min(1),
  requestId: z.string().min(8),
  errors: z
    .array(z.strictObject({ path: z.string(), detail: z.string().min(1) }))
    .min(1)
    .optional(),
});

describe("fuzz: services/api under whatever is sent to it", () => {
  seeded("the API");
  let database: Database;
  let api: Api;
  let document: Document;
  let token: string;
  const statuses = new Map<string, Map<number, number>>();
  let sent = 0;

  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    await database.pool.query(`insert into prices (product, trade_id, price, size, side, time)
      select 'BTC-USD', n, n, 1, 'buy', '2026-03-01'::timestamptz + n * interval '1 hour' from generate_series(1, 60) n`);
    await database.pool.query("insert into product_exchanges values ('BTC-USD', 'coinbase')");
    api = await startApi(this, database.url);
    document = JSON.parse((await api.call("/api/openapi.json")).text) as Document;
    token = (await api.member()).token;
  });
  after(async () => {
    await (api as Api | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });

  const resolve = (reference: string): JsonSchema => {
    const schema = document.components.schemas[reference.slice("#/components/schemas/".length)];
    if (!schema) throw new Error(`the document has no ${reference}`);
    return schema;
  };

  /** A request as the document has it, with none, one or all of its parts spoilt. */
  const requestOf = (template: string, method: string, { parameters, requestBody }: Operation): Arbitrary<Sent> => {
    const spoil = (value: Arbitrary<unknown>): Arbitrary<unknown> =>
      fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: value.chain(spoilt) });
    const part = (where: Parameter["in"]) => {
      const own = parameters.filter((parameter) => parameter.in === where);
      const fields = Object.fromEntries(own.map(({ name, schema }) => [name, spoil(fitting(schema, resolve))]));
      return fc.record(fields, { requiredKeys: own.filter(({ required }) => required).map(({ name }) => name) });
    };
    const [content] = Object.values(requestBody?.content ?? {});
    const body = content ? spoil(fitting(content.schema, resolve)) : fc.constant(undefined);
    const stray = fc.oneof(
      { weight: 19, arbitrary: fc.constant(undefined) },
      fc.tuple(fc.string({ minLength: 1, maxLength: 8 }), anything),
    );
    const signedIn = fc.oneof(
      { weight: 9, arbitrary: fc.constant(`Bearer ${token}`) },
      fc.constantFrom(undefined, "Bearer x", "Basic eDp5"),
    );
    return fc
      .tuple(part("path"), part("query"), part("header"), body, stray, signedIn)
      .map(([path, query, header, body, extra, authorization]) => {
        const filled = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => segment(path[name]));
        const pairs = [...Object.entries(query), ...(extra ? [extra] : [])];
        const search = pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join("&");
        const headers: Record<string, string> = { ...(authorization === undefined ? {} : { authorization }) };
        for (const [name, value] of Object.entries(header))
          headers[name] = asText(value).replaceAll(/[^\x21-\x7e]/g, "?");
        if (requestBody) headers["content-type"] = "application/json";
        return {
          path: `/api/v1${filled}?${search}`,
          init: { method: method.toUpperCase(), headers, ...(requestBody ? { body: JSON.stringify(body) } : {}) },
        };
      });
  };

  const judge = ({ status, headers, body, text }: Answer, operation: Operation): void => {
    expect(status, text).to.be.lessThan(500);
    expect(Object.keys(operation.responses), `${status} is not in the document: ${text}`).to.include(String(status));
    expect(headers.get("x-request-id")).to.match(/^[\w.:-]{8,128}$/);
    if (status >= 400) {
      expect(headers.get("content-type")).to.equal("application/problem+json; charset=utf-8");
      const { error, data } = problemDocument.safeParse(body);
      expect(error?.issues, text).to.equal(undefined);
      expect(data?.status).to.equal(status);
      expect(text).to.not.match(/node_modules|\.ts:\d|select |insert |violates/);
    } else {
      const schema = operation.responses[String(status)]?.content?.["application/json"]?.schema;
      if (schema) expect(z.fromJSONSchema(resolved(schema)).safeParse(body).error?.issues, text).to.equal(undefined);
    }
  };
  /** The schema with what it refers to, which is how zod reads it. */
  const resolved = (schema: JsonSchema): Parameters<typeof z.fromJSONSchema>[0] =>
    JSON.parse(
      JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll("#/components/schemas/", "#/$defs/"),
    ) as Parameters<typeof z.fromJSONSchema>[0];

  it("answers every operation as the document says", async function () {
    this.timeout(240_000);
    for (const [template, methods] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(methods)) {
        const seen = new Map<number, number>();
        statuses.set(operation.operationId, seen);
        await fc.assert(
          fc.asyncProperty(requestOf(template, method, operation), async ({ path, init }) => {
            const answer = await api.call(path, init);
            sent += 1;
            seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
            judge(answer, operation);
          }),
          { numRuns: EACH },
        );
      }
    expect(sent).to.be.at.least(LEAST);
  });

  it("which let some through and refused others, at every operation", () => {
    for (const [operation, seen] of statuses) {
      const found = [...seen.keys()];
      // Made-up ids and links are nobody's, so where a path has one only the refusals are to be seen here.
      const [template = ""] =
        Object.entries(document.paths).find(([, methods]) =>
          Object.values(methods).some(({ operationId }) => operationId === operation),
        ) ?? [];
      const wanted = /\{(id|token)\}/.test(template)
        ? (status: number) => status === 404
        : (status: number) => status < 300;
      expect(found.some(wanted), `${operation}: ${found.join(", ")}`).to.equal(true);
      expect(found, operation).to.include(template.includes("unsubscribe") ? 404 : 401);
    }
  });

  it("answers any bytes", async function () {
    this.timeout(120_000);
    const operation = document.paths["/alert-rules"]?.["post"];
    if (!operation) throw new Error("the document has no such operation");
    const types = fc.constantFrom(
      "application/json",
      "application/json; charset=latin1",
      "text/plain",
      "application/x-www-form-urlencoded",
    );
    const encodings = fc.constantFrom("identity", "gzip", "br", "none of these");
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), types, encodings, async (bytes, type, encoding) => {
        const headers = {
          ...{ authorization: `Bearer ${token}`, "idempotency-key": crypto.randomUUID() },
          ...{ "content-type": type, "content-encoding": encoding },
        };
        judge(await api.call("/api/v1/alert-rules", { method: "POST", headers, body: Buffer.from(bytes) }), operation);
      }),
      { numRuns: 500 },
    );
  });
});

const asText = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
/** Of a path: clients take dots away, together with what stands before them, and ask another path. */
const segment = (value: unknown): string => encoded(value).replace(/^\.{0,2}$/, "-");
const encoded = (value: unknown): string => encodeURIComponent(asText(value).toWellFormed());
