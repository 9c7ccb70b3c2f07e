/** Wiring ↔ each service's env.ts: two trees that must not know each other, held together here. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { z } from "zod";
import { priceMessage } from "../../services/shared/topics/prices.ts";
import { buildsOf } from "../../platform/images.ts";
import { wire } from "../../platform/model/wiring.ts";
import { devModel, ROOT } from "../support/stacks.ts";

/** Set for a person or a test, not by the platform. */
const OPTIONAL = [
  ...["AWS_REGION", "HOST", "KEEP_ALIVE_SECONDS", "LEASE_SECONDS", "LOG_LEVEL"],
  ...["MAIL_FROM", "POSTS_POLL_SECONDS", "PUBLIC_URL"],
];

async function envOf(build: string): Promise<z.ZodObject> {
  const file = join(ROOT, "services", build, "env.ts");
  const module: unknown = await import(pathToFileURL(file).href);
  if (typeof module === "object" && module !== null && "env" in module && module.env instanceof z.ZodObject)
    return module.env;
  throw new Error(`${file} exports no zod object \`env\``);
}

const built = devModel.workloads.flatMap((workload) => {
  const { image } = workload;
  if (!("build" in image) || !existsSync(join(ROOT, "services", image.build, "main.ts"))) return [];
  return [{ workload, build: image.build }];
});

describe("contract: env names", () => {
  for (const { workload, build } of built) {
    it(`${workload.name} is told all that its env.ts needs, and nothing that it does not know`, async () => {
      const schema = await envOf(build);
      const { env, secrets } = wire(workload, devModel, () => "http://somewhere:1");
      const told = [...Object.keys(env), ...Object.keys(secrets)];
      const left = schema.safeParse({}).error?.issues.map(({ path }) => String(path[0])) ?? [];
      const needed = Object.keys(schema.shape).filter((name) => left.includes(name));
      expect(told).to.include.members(needed);
      expect(Object.keys(schema.shape)).to.include.members(told);
      expect(told).to.include.members(Object.keys(schema.shape).filter((name) => !OPTIONAL.includes(name)));
    });
  }
});

describe("contract: images", () => {
  const folders = readdirSync(join(ROOT, "services"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(ROOT, "services", entry.name, "main.ts")))
    .map(({ name }) => name);

  it("builds nothing that the catalogue does not run", () => {
    expect(buildsOf(devModel)).to.include.members(folders);
  });

  it("says which of the catalogue's images have no source yet", () => {
    const missing = buildsOf(devModel).filter((build) => !folders.includes(build));
    // A service that gets its source leaves this list; the local runtime names the rest as not built.
    expect(missing).to.deep.equal(["ml-inference", "model-training"]);
  });
});

describe("contract: topics", () => {
  it("keys the prices topic by a field that its messages have", () => {
    const prices = devModel.topics.find(({ name }) => name === "prices");
    expect(Object.keys(priceMessage.shape)).to.include(prices?.key);
  });

  it("has every topic that a built service produces to or consumes from", () => {
    const named = built.flatMap(({ workload }) =>
      workload.uses.flatMap(({ to }) => (to.kind === "topic" ? [to.name] : [])),
    );
    expect(devModel.topics.map(({ name }) => name)).to.include.members(named);
    expect(named).to.include("prices").and.to.include("dead-letters");
  });
});
