/** The adapter on the real engine: a program without resources, a file backend, the real policy pack. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { createEngine, type EngineOptions } from "../../../../../targets/migration/stages/aws/adapters/engine.ts";
import { EngineError } from "../../../../../targets/migration/stages/aws/ports.ts";
import { hasPulumi } from "../../../../engine/support/project.ts";
import { ROOT } from "./support.ts";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
const config = new pulumi.Config("cryptotracker");
if (config.get("target") === "nowhere") throw new pulumi.RunError("attached-target  settings.target: found nowhere");
export const target = config.get("target");
export const region = config.getObject("network")?.vpc;
export const hidden = pulumi.secret("s3cret");
`;

const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );
const silent = (): void => undefined;

describe("createEngine, on the real engine", function () {
  this.timeout(300_000);
  let folder = "";
  let options: EngineOptions;

  before(async function () {
    if (!(await hasPulumi())) this.skip();
    folder = mkdtempSync(join(tmpdir(), "cryptotracker-automation-"));
    for (const each of ["package.json", "node_modules"]) symlinkSync(join(ROOT, each), join(folder, each));
    for (const each of ["home", "backend"]) mkdirSync(join(folder, each));
    writeFileSync(join(folder, "index.ts"), PROGRAM);
    writeFileSync(join(folder, "Pulumi.yaml"), readFileSync(join(ROOT, "Pulumi.yaml")));
    const pack = join(ROOT, "policies");
    options = {
      ...{ root: folder, signal: new AbortController().signal, takeOver: false },
      policies: { pack, config: join(pack, "config.dev.json") },
      environment: {
        PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
        PULUMI_HOME: join(folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "of a throw-away stack",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    };
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("knows no stack before one is made, then writes its config as it stands in a file by hand", async () => {
    const engine = createEngine(options);
    expect(await engine.config("dev-eks")).to.equal(null);
    expect(await engine.outputs("dev-eks")).to.deep.equal({});
    const without = {
      "aws:region": "us-east-1",
      "cryptotracker:target": "eks",
      "cryptotracker:network": { vpc: "10.20.0.0/16" },
    };
    const config = { ...without, "cryptotracker:replicas": { "alert-service": { exactly: 0 } } };
    await engine.configure("dev-eks", config);
    expect(await engine.config("dev-eks")).to.deep.equal(config);
    const written = parse(readFileSync(join(folder, "Pulumi.dev-eks.yaml"), "utf8")) as Record<string, unknown>;
    expect(written["config"]).to.deep.equal(config);
    // Set anew, the stack's own salt stays: without it Pulumi could not read its secrets.
    await engine.configure("dev-eks", without);
    const again = parse(readFileSync(join(folder, "Pulumi.dev-eks.yaml"), "utf8")) as Record<string, unknown>;
    expect(again).to.deep.equal({ ...written, config: without });
  });

  it("previews with the policy pack, brings up, reads outputs back and destroys", async () => {
    const engine = createEngine(options);
    expect(await engine.preview("dev-eks", silent)).to.have.property("create");
    expect(await engine.outputs("dev-eks")).to.deep.equal({});
    const outputs = await engine.up("dev-eks", silent);
    expect(outputs).to.include({ target: "eks", region: "10.20.0.0/16" });
    expect(await engine.outputs("dev-eks")).to.deep.equal(outputs);
    await engine.destroy("dev-eks", silent);
    expect(await engine.outputs("dev-eks")).to.deep.equal({});
    expect(await engine.config("dev-eks")).to.have.property("cryptotracker:target");
  });

  it("says what the program refused, and no more", async () => {
    const engine = createEngine(options);
    await engine.configure("dev-eks", { "cryptotracker:target": "nowhere" });
    const error = await refusal(engine.up("dev-eks", silent));
    expect(error).to.be.instanceOf(EngineError);
    const said = String(error);
    expect(said).to.contain("Update of dev-eks failed").and.contain("attached-target  settings.target: found nowhere");
    expect(said.length).to.be.lessThan(600);
    expect(said).to.not.contain("s3cret");
  });

  it("says that another update is under way, and takes a dead one's lock away for who goes on", async () => {
    await createEngine(options).configure("dev-eks", { "cryptotracker:target": "eks" });
    const locks = join(folder, "backend/.pulumi/locks/organization/cryptotracker/dev-eks");
    const leave = (): void => {
      mkdirSync(locks, { recursive: true });
      const lock = { pid: 999_999, username: "nobody", hostname: "here", timestamp: "2026-11-25T09:00:00Z" };
      writeFileSync(join(locks, "11111111-1111-4111-8111-111111111111.json"), JSON.stringify(lock));
    };
    leave();
    const error = await refusal(createEngine(options).up("dev-eks", silent));
    expect(String(error)).to.contain("somebody else's update is under way, or was cut off");
    const outputs = await createEngine({ ...options, takeOver: true }).up("dev-eks", silent);
    expect(outputs).to.include({ target: "eks" });
    expect(readdirSync(locks)).to.deep.equal([]);
  });

  it("ends with its signal, and is idle only when Pulumi has ended too", async () => {
    const controller = new AbortController();
    const engine = createEngine({ ...options, signal: controller.signal });
    const going = refusal(engine.up("dev-eks", silent));
    setTimeout(() => controller.abort(), 300);
    expect(await going).to.be.instanceOf(EngineError);
    await engine.idle();
    const left = readdirSync(join(folder, "backend/.pulumi/locks/organization/cryptotracker/dev-eks"));
    expect(left).to.deep.equal([]);
  });
});
