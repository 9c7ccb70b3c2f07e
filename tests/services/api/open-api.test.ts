import { expect } from "chai";

import { openApiOf } from "../../../services/api/http/open-api.ts";
import { type Database, freshDatabase, needs } from "../support.ts";
import { type Api, startApi } from "./server.ts";

type Document = ReturnType<typeof openApiOf>;

describe("services/api OpenAPI document", () => {
  let database: Database;
  let api: Api;
  let document: Document;

  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    api = await startApi(this, database.url);
    document = JSON.parse((await api.call("/api/openapi.json")).text) as Document;
  });
  after(async () => {
    await (api as Api | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });

  it("is version 3.1, and has every path of the contract", () => {
    expect(document.openapi).to.match(/^3\.1\.\d+$/);
    expect(document.servers).to.deep.equal([{ url: "/api/v1" }]);
    const paths = Object.entries(document.paths).map(
      ([path, methods]) => `${path} ${Object.keys(methods).sort().join(" ")}`,
    );
    expect(paths).to.have.members([
      "/coins get",
      "/prices get",
      "/prices/{product} get",
      "/prices/{product}/latest get",
      "/prices/{product}/exchanges get",
      "/candles/{product} get",
      "/sentiment get",
      "/sentiment/{symbol} get",
      "/watchlists get post",
      "/watchlists/{id} delete get put",
      "/alert-rules get post",
      "/alert-rules/{id} delete get put",
      "/alerts get",
      "/notification-preferences get put",
      "/webhooks get post",
      "/webhooks/{id} delete get put",
      "/push-subscriptions get post",
      "/push-subscriptions/{id} delete",
      "/unsubscribe/{token} get post",
    ]);
  });

  it("refers to nothing that it does not have, and has nothing that it does not refer to", () => {
    const found = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference);
    const there = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(found)]).to.have.members(there);
  });

  it("names each operation once, and each parameter of its path", () => {
    const ids: string[] = [];
    for (const [path, methods] of Object.entries(document.paths))
      for (const { operationId, parameters } of Object.values(methods)) {
        ids.push(operationId);
        const named = parameters.filter((parameter) => parameter.in === "path");
        expect(named.map(({ name }) => `{${name}}`)).to.deep.equal(path.match(/\{\w+\}/g) ?? []);
        expect(named.every(({ required }) => required)).to.equal(true);
      }
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it("says what each refuses, and whom", () => {
    const rules = document.paths["/alert-rules"]?.["post"];
    expect(Object.keys(rules?.responses ?? {})).to.have.members([
      "201",
      "400",
      "401",
      "409",
      "413",
      "415",
      "422",
      "429",
      "500",
      "503",
    ]);
    expect(rules?.security).to.deep.equal([{ token: [] }]);
    expect(rules?.parameters.map(({ name, required }) => [name, required])).to.deep.equal([["Idempotency-Key", true]]);
    expect(document.paths["/coins"]?.["get"]?.security).to.deep.equal([{}, { token: [] }]);
  });

  it("cannot hold a shape without a name", async () => {
    const { z } = await import("zod");
    const { route, json } = await import("../../../services/api/http/route.ts");
    const unnamed = route({
      ...{ id: "x", method: "get", path: "/x", tag: "X", access: "public", summary: "x", cacheControl: "no-store" },
      answers: { 200: { description: "x", schema: z.object({}) } },
      handle: () => Promise.resolve(json({})),
    });
    expect(() => openApiOf([unnamed])).to.throw("without a name");
  });

  it("is there to read, with no script and nothing from elsewhere", async () => {
    const { status, headers, text } = await api.call("/api/docs");
    expect([status, headers.get("content-type")]).to.deep.equal([200, "text/html; charset=utf-8"]);
    for (const path of Object.keys(document.paths)) expect(text).to.include(`/api/v1${path}</code>`);
    for (const name of Object.keys(document.components.schemas)) expect(text).to.include(`id="${name}"`);
    expect(text).to.not.match(/<script|https?:\/\/|@import|url\(/);
    const [, policy = ""] = /style-src '(sha256-[^']+)'/.exec(headers.get("content-security-policy") ?? "") ?? [];
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? "";
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(style))).toString("base64");
    expect(policy).to.equal(`sha256-${digest}`);
    // Each link leads to what is on the page.
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, name]) => `id="${name ?? ""}"`);
    expect(links.length).to.be.greaterThan(20);
    for (const link of links) expect(text).to.include(link);
  });

  it("and its page are kept, and not sent again", async () => {
    for (const path of ["/api/openapi.json", "/api/docs"]) {
      const { headers } = await api.call(path);
      expect(headers.get("cache-control")).to.equal("public, max-age=300");
      const again = await api.call(path, { headers: { "if-none-match": headers.get("etag") ?? "" } });
      expect(again.status).to.equal(304);
    }
  });
});
