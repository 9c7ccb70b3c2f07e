/** The site's image without a container engine: its nginx.conf in a real nginx, over the built site. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { expect } from "chai";
import { RUN_AS_USER } from "../../../platform/conventions.ts";
import { ROOT } from "../../support/stacks.ts";
import { until } from "../../targets/local/fixtures/until.ts";
import { buildSite, type BuiltSite } from "./support/site.ts";

/** Debian puts it where only root's PATH leads. */
const nginx = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"]
  .map((folder) => join(folder, "nginx"))
  .find(existsSync);
const written = readFileSync(join(ROOT, "services/web/image/nginx.conf"), "utf8");

/** What is different here: the port, and where the files and the types lie. */
function confHere(program: string, folder: string, site: string, port: number): string {
  return written
    .replaceAll(" /tmp/", ` ${folder}/`)
    .replaceAll("/etc/nginx/", `${join(dirname(program), "../../etc/nginx")}/`)
    .replaceAll("/usr/share/nginx/html", site)
    .replace("listen 8080;", `listen 127.0.0.1:${port};`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return address !== null && typeof address === "object" ? address.port : 0;
}

describe("web: its image's nginx", () => {
  let site: BuiltSite | undefined;
  let child: ChildProcess | undefined;
  let folder: string | undefined;
  let url = "";

  before(async function () {
    if (nginx === undefined) {
      console.warn("      skipped: there is no nginx here");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "cryptotracker-nginx-"));
    site = await buildSite();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const file = join(folder, "nginx.conf");
    writeFileSync(file, confHere(nginx, folder, site.folder, port));
    // As the image's user, where this one may become that.
    const who = process.getuid?.() === 0 ? { uid: RUN_AS_USER, gid: RUN_AS_USER } : {};
    if (who.uid !== undefined) chownSync(folder, who.uid, who.gid);
    chmodSync(site.folder, 0o755);
    const tested = spawnSync(nginx, ["-t", "-e", "stderr", "-c", file], { encoding: "utf8", ...who });
    expect(tested.status, tested.stderr).to.equal(0);
    expect(tested.stderr).to.not.match(/\[(warn|error|emerg)\]/);
    child = spawn(nginx, ["-e", "stderr", "-c", file, "-g", "daemon off;"], { stdio: "inherit", ...who });
    await until(() =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    );
  });

  after(async () => {
    if (child) {
      const exited = once(child, "exit");
      child.kill("SIGQUIT");
      await exited;
    }
    await site?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const asset = (ending: string): string => {
    const name = readdirSync(join(site?.folder ?? "", "assets")).find((file) => file.endsWith(ending));
    return `/assets/${name}`;
  };

  it("has the page and the configuration asked for each time, and the rest kept for good", async () => {
    for (const path of ["/", "/index.html", "/config.json", "/favicon.svg"]) {
      const { status, headers } = await fetch(url + path);
      expect([status, headers.get("cache-control")], path).to.deep.equal([200, "no-cache"]);
    }
    for (const ending of [".js", ".css"]) {
      const { status, headers } = await fetch(url + asset(ending));
      expect([status, headers.get("cache-control")], ending).to.deep.equal([
        ...[200, "public, max-age=31536000, immutable"],
      ]);
    }
  });

  it("keeps nothing that is no file, even under the assets", async () => {
    for (const path of ["/assets/gone-12345678.js", "/gone", "/coins/BTC"]) {
      const { status, headers } = await fetch(url + path);
      expect([status, headers.get("cache-control")], path).to.deep.equal([404, "no-store"]);
    }
  });

  it("answers 304 to who has it already, 405 to who wants to write, and 413 to who sends much", async () => {
    const first = await fetch(url);
    const again = await fetch(url, { headers: { "if-none-match": first.headers.get("etag") ?? "" } });
    expect([again.status, again.headers.get("cache-control")]).to.deep.equal([304, "no-cache"]);
    expect((await fetch(url, { method: "POST", body: "x" })).status).to.equal(405);
    expect((await fetch(url, { method: "POST", body: "x".repeat(4096) })).status).to.equal(413);
  });

  it("sends the content policy of platform/foundation/site-headers.ts with everything, errors too", async () => {
    const source = readFileSync(join(ROOT, "platform/foundation/site-headers.ts"), "utf8");
    for (const path of ["/", asset(".js"), "/gone"]) {
      const { headers } = await fetch(url + path);
      const policy = (headers.get("content-security-policy") ?? "").split("; ");
      expect(policy, path).to.have.lengthOf(8);
      for (const directive of policy) expect(source).to.include(directive);
      expect(headers.get("x-content-type-options")).to.equal("nosniff");
      expect(headers.get("x-frame-options")).to.equal("DENY");
      expect(headers.get("referrer-policy")).to.equal("strict-origin-when-cross-origin");
      expect(headers.get("server")).to.equal("nginx");
    }
  });

  it("sends scripts and styles small, with types that a browser believes", async () => {
    const types = { ".js": /^(text|application)\/javascript; charset=utf-8$/, ".css": /^text\/css; charset=utf-8$/ };
    for (const [ending, type] of Object.entries(types)) {
      const { headers } = await fetch(url + asset(ending), { headers: { "accept-encoding": "gzip" } });
      expect(headers.get("content-encoding"), ending).to.equal("gzip");
      expect(headers.get("content-type"), ending).to.match(type);
    }
    expect((await fetch(`${url}/config.json`)).headers.get("content-type")).to.equal("application/json; charset=utf-8");
  });
});
