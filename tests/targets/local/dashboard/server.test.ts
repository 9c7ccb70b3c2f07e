import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { startDashboard, type Dashboard } from "../../../../targets/local/dashboard/server.ts";

describe("targets/local/dashboard server", () => {
  let parent: string;
  let folder: string;
  let dashboard: Dashboard;
  let reads = 0;
  beforeEach(async () => {
    parent = mkdtempSync(join(tmpdir(), "dashboard-"));
    folder = join(parent, "dist");
    writeFileSync(join(parent, "outside.txt"), "outside");
    mkdirSync(`${folder}-not`);
    writeFileSync(join(`${folder}-not`, "outside.txt"), "outside");
    dashboard = await startDashboard({ folder, documents: { "/system.json": () => ({ reads: (reads += 1) }) } });
  });
  afterEach(async () => {
    await dashboard.close();
    rmSync(parent, { recursive: true });
  });
  const build = (): void => {
    mkdirSync(join(folder, "assets"), { recursive: true });
    writeFileSync(join(folder, "index.html"), "<title>app</title>");
    writeFileSync(join(folder, "assets/app-4f9c2b1e.js"), "app();");
    writeFileSync(join(folder, "worker.js"), "worker();");
  };
  /** As it stands: fetch would tidy the path up before it is sent. */
  const ask = async (path: string, method = "GET") => {
    const request = get({ host: "127.0.0.1", port: dashboard.port, path, method, agent: false });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  };

  it("says how the app is built while it is not, and serves it once it is", async () => {
    expect((await ask("/")).body).to.include("npm run build:web");
    build();
    const { status, headers, body } = await ask("/?from=mail");
    expect([status, headers["content-type"], headers["cache-control"], body]).to.deep.equal([
      ...[200, "text/html; charset=utf-8", "no-cache", "<title>app</title>"],
    ]);
  });

  it("gives the app's routes its page, and a missing file none", async () => {
    build();
    expect((await ask("/coins/BTC")).body).to.equal("<title>app</title>");
    expect((await ask("/assets/gone-12345678.js")).status).to.equal(404);
  });

  it("lets browsers keep what has its hash in its name, and nothing else", async () => {
    build();
    const hashed = await ask("/assets/app-4f9c2b1e.js");
    expect([hashed.headers["content-type"], hashed.headers["cache-control"], hashed.body]).to.deep.equal([
      ...["text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "app();"],
    ]);
    expect((await ask("/worker.js")).headers["cache-control"]).to.equal("no-cache");
  });

  for (const path of [
    "/../outside.txt",
    "/%2e%2e/outside.txt",
    "/..%2foutside.txt",
    "/../dist-not/outside.txt",
    "/%00.txt",
    "/%zz.txt",
  ])
    it(`serves nothing for ${path}`, async () => {
      build();
      const { status, body } = await ask(path);
      expect([status, body]).to.deep.equal([404, "There is no such file.\n"]);
    });

  it("makes documents anew for each request", async () => {
    const first = await ask("/system.json");
    expect(first.headers).to.include({
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
    });
    const before: unknown = JSON.parse(first.body);
    const after: unknown = JSON.parse((await ask("/system.json")).body);
    expect([before, after]).to.deep.equal([{ reads: reads - 1 }, { reads }]);
  });

  it("answers HEAD without a body and refuses to be written to", async () => {
    build();
    const head = await ask("/", "HEAD");
    expect([head.status, head.headers["content-length"], head.body]).to.deep.equal([200, "18", ""]);
    const post = await ask("/", "POST");
    expect([post.status, post.headers.allow]).to.deep.equal([405, "GET, HEAD"]);
  });

  it("allows neither frames nor others' scripts, whatever it answers", async () => {
    for (const path of ["/", "/system.json", "/none.js"]) {
      const { headers } = await ask(path);
      expect(headers["x-content-type-options"]).to.equal("nosniff");
      expect(headers["content-security-policy"]).to.include("default-src 'self'").and.include("frame-ancestors 'none'");
    }
  });
});
