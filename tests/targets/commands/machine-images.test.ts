import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { refreshMachineImages, type ReadParameters } from "../../../targets/commands/machine-images.ts";
import { readStackFile } from "../../../platform/settings.ts";
import { problemsOf, ROOT, settingsOf, valueOf } from "../../support/stacks.ts";

const STANDARD = "ami-0aaaaaaaaaaaaaaa1";
const GPU = "ami-0bbbbbbbbbbbbbbb2";

const current: ReadParameters = (_region, names) =>
  Promise.resolve(new Map(names.map((name) => [name, name.includes("/gpu/") ? GPU : STANDARD])));

describe("npm run machine-images", () => {
  let folder: string;
  const file = (stack = "dev") => readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8");

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "machine-images-"));
    for (const stack of ["dev", "prod"]) {
      copyFileSync(join(ROOT, `Pulumi.${stack}.yaml`), join(folder, `Pulumi.${stack}.yaml`));
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const stack of ["dev", "prod"]) {
    it(`changes the two ids in ${stack}'s file and not a byte besides`, async () => {
      const { standard = "", gpu = "" } = settingsOf(stack).machineImages;
      const wanted = file(stack).replace(standard, STANDARD).replace(gpu, GPU);
      const images = valueOf(await refreshMachineImages(folder, stack, current));
      expect(images).to.deep.equal([
        { kind: "standard", before: standard, now: STANDARD },
        { kind: "gpu", before: gpu, now: GPU },
      ]);
      expect(file(stack)).to.equal(wanted);
      expect(readdirSync(folder)).to.have.members(["Pulumi.dev.yaml", "Pulumi.prod.yaml"]);
    });
  }

  it("asks the stack's region for the AL2023 images, standard and GPU", async () => {
    const asked: [string, readonly string[]][] = [];
    await refreshMachineImages(folder, "dev", (region, names) => {
      asked.push([region, names]);
      return current(region, names);
    });
    expect(asked).to.deep.equal([
      [
        "us-east-1",
        [
          "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
          "/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id",
        ],
      ],
    ]);
  });

  it("adds them to a file that has none, and keeps its comments", async () => {
    const path = join(folder, "Pulumi.dev.yaml");
    writeFileSync(path, file().replace(/ +cryptotracker:machineImages:\n.*\n.*\n/, ""));
    expect(valueOf(await refreshMachineImages(folder, "dev", current)).map(({ before }) => before)).to.deep.equal([
      null,
      null,
    ]);
    expect(valueOf(readStackFile(folder, "dev")).machineImages).to.deep.equal({ standard: STANDARD, gpu: GPU });
    expect(file()).to.contain("# Phase 2 of the plan");
  });

  it("says so when there is nothing new", async () => {
    await refreshMachineImages(folder, "dev", current);
    const before = file();
    const images = valueOf(await refreshMachineImages(folder, "dev", current));
    expect(images.map((image) => image.before === image.now)).to.deep.equal([true, true]);
    expect(file()).to.equal(before);
  });

  const silent: readonly [what: string, read: ReadParameters, found: string][] = [
    [
      "no credentials",
      () => Promise.reject(new Error("Could not load credentials from any providers\n    at x")),
      "Could not load credentials from any providers",
    ],
    ["no such parameter", () => Promise.resolve(new Map()), "no image id for standard, gpu"],
    [
      "an answer that is no image",
      async (region, names) => new Map([...(await current(region, names))].map(([name]) => [name, "latest"])),
      "no image id for standard, gpu",
    ],
  ];
  for (const [what, read, found] of silent) {
    it(`leaves the file alone where there is ${what}`, async () => {
      const before = file();
      const problems = problemsOf(await refreshMachineImages(folder, "dev", read));
      expect(problems.map((problem) => [problem.code, problem.path, problem.found])).to.deep.equal([
        ["machine-images-unknown", "settings.machineImages", found],
      ]);
      expect(file()).to.equal(before);
    });
  }

  it("refuses a stack that does not exist", async () => {
    expect(problemsOf(await refreshMachineImages(folder, "staging", current))[0]?.code).to.equal("unknown-stack");
  });

  it("ends 2 with a sentence where nothing can be asked", () => {
    const before = readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8");
    const { status, stdout, stderr } = spawnSync(process.execPath, ["cli.mjs", "machine-images"], {
      cwd: ROOT,
      encoding: "utf8",
      // No credentials, and none to be had from an instance.
      env: { PATH: process.env["PATH"], HOME: folder, AWS_EC2_METADATA_DISABLED: "true" },
    });
    expect(stdout).to.equal("");
    expect(stderr)
      .to.contain("settings.machineImages")
      .and.not.to.match(/\n\s+at /);
    expect(status).to.equal(2);
    expect(readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8")).to.equal(before);
  }).timeout(60_000);
});
