/** The images themselves: built, and started as the platform starts them. Takes a container engine and the network. */
import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { RUN_AS_USER } from "../../platform/conventions.ts";
import { ROOT } from "../support/stacks.ts";
import { until } from "../targets/local/fixtures/until.ts";

/** One that answers; a client alone builds nothing. */
const engine = ["docker", "podman"].find(
  (name) => spawnSync(name, ["info"], { stdio: "ignore", timeout: 20_000 }).status === 0,
);

const run = (...args: readonly string[]): string =>
  execFileSync(engine ?? "", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

/** What every pod has: no privilege, and a root that nobody writes to. */
const CONFINED = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];

describe("services: their images", function () {
  this.timeout(600_000);

  const tag = `cryptotracker-test/${randomUUID()}`;

  before(function () {
    if (engine !== undefined) return;
    console.warn("      skipped: neither docker nor podman has an engine here");
    this.skip();
  });

  after(() => {
    for (const name of ["api", "web"]) if (engine) spawnSync(engine, ["rmi", "--force", `${tag}/${name}`]);
  });

  it("starts a service as an unprivileged user, which refuses to run without its settings", () => {
    run("build", "--build-arg", "SERVICE=api", "--tag", `${tag}/api`, "--file", "services/Dockerfile", ".");
    expect(run("run", "--rm", "--entrypoint", "id", `${tag}/api`, "-u")).to.equal(String(RUN_AS_USER));
    const started = spawnSync(engine ?? "", ["run", "--rm", ...CONFINED, `${tag}/api`], { encoding: "utf8" });
    expect(started.status).to.not.equal(0);
    expect(started.stdout + started.stderr)
      .to.include("DATABASE_URL")
      .and.to.not.include("Cannot find");
  });

  it("serves the site, with a root that is read-only", async () => {
    run("build", "--tag", `${tag}/web`, "--file", "services/web/Dockerfile", ".");
    const container = run("run", "--detach", ...CONFINED, "--publish", "127.0.0.1::8080", `${tag}/web`);
    try {
      expect(run("exec", container, "id", "-u")).to.equal(String(RUN_AS_USER));
      const url = `http://${run("port", container, "8080").split("\n")[0] ?? ""}`;
      const page = () => fetch(url).catch(() => null);
      await until(async () => (await page())?.status === 200);
      expect(await (await fetch(url)).text()).to.match(/<script type="module"[^>]* src="\/assets\/[^"]+\.js"/);
    } finally {
      run("rm", "--force", container);
    }
  });
});
