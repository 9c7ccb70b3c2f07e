import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startDataPlane, type DataPlaneOptions } from "../../../../targets/local/data-plane/index.ts";
import { PrerequisiteError } from "../../../../targets/local/errors.ts";
import { freePort } from "../../../../targets/local/processes/ports.ts";
import { withoutStores } from "../../../support/environment.ts";

const none = { postgres: false, redis: false, kafka: false };

describe("targets/local/data-plane prerequisites", function () {
  this.timeout(60_000);
  let empty: string;
  const temporary = process.env["TMPDIR"];
  beforeEach(async () => {
    empty = await mkdtemp(join(tmpdir(), "prerequisites-test-"));
    process.env["TMPDIR"] = empty;
  });
  afterEach(async () => {
    if (temporary === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = temporary;
    expect((await readdir(empty)).filter((name) => name.startsWith("cryptotracker-local"))).to.deep.equal([]);
    await rm(empty, { recursive: true });
  });

  async function refusal(options: Partial<DataPlaneOptions>): Promise<unknown> {
    const defaults = { ...none, topics: [], report: () => undefined, env: {} };
    return startDataPlane({ ...defaults, ...options }).then(
      async (started) => {
        await started.stop();
        throw new Error("it started");
      },
      (error: unknown) => error,
    );
  }

  it("names Java where it is missing, and what to do", async () => {
    const error = await refusal({ kafka: true, env: { PATH: empty } });
    expect(error).to.be.instanceOf(PrerequisiteError).and.to.include({ what: "Java" });
    expect(String(error)).to.match(/Java: .*`java` is not on the PATH\. Install a Java runtime, version 17 or newer/);
  });

  it("names Maven where it is missing and nothing is cached yet", async () => {
    const error = await refusal({ redis: true, env: { PATH: empty, XDG_CACHE_HOME: empty } });
    expect(error).to.be.instanceOf(PrerequisiteError).and.to.include({ what: "Maven" });
    expect(String(error)).to.include("Install Maven");
  });

  it("names the variable whose server does not answer, and shows no password", async () => {
    const port = await freePort();
    const database = await refusal({
      postgres: true,
      env: { DATABASE_URL: `postgres://u:hunter2@127.0.0.1:${port}/d` },
    });
    expect(database).to.be.instanceOf(PrerequisiteError).and.to.include({ what: "DATABASE_URL" });
    expect(String(database)).to.include(`127.0.0.1:${port}`).and.not.to.include("hunter2");
    const redis = await refusal({ redis: true, env: { REDIS_URL: "nonsense:hunter2" } });
    expect(redis).to.be.instanceOf(PrerequisiteError).and.to.include({ what: "REDIS_URL" });
    expect(String(redis)).not.to.include("hunter2");
  });

  it("stops in the middle when its signal fires, and leaves nothing", async () => {
    for (const milliseconds of [0, 50, 200, 500]) {
      const signal = AbortSignal.timeout(milliseconds);
      const error = await refusal({ postgres: true, redis: true, kafka: true, env: withoutStores(), signal });
      expect(error).to.have.property("name").that.is.oneOf(["AbortError", "TimeoutError"]);
    }
  });
});
