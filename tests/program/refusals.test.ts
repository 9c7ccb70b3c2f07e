/** What the program refuses, and that nothing was registered when it did. */
import { expect } from "chai";
import { CLUSTER_SECRETS } from "./support/cluster-secrets.ts";
import { runProgram } from "./support/run.ts";
import { SECRET_MARKER } from "./support/types.ts";

describe("the program's refusals", () => {
  const refusals = [
    {
      what: "settings: every one that is wrong, each with its path",
      given: { config: { "cryptotracker:target": "mesos", "cryptotracker:gpu": "t4", "cryptotracker:colour": "blue" } },
      says: ["settings.target", '"mesos"', "settings.gpu", "settings.colour"],
    },
    {
      what: "counts for a service that does not exist",
      given: { config: { "cryptotracker:scaling": { "api-servce": { min: 1, desired: 1, max: 1 } } } },
      says: ["unknown-service", "settings.scaling.api-servce", "api-service"],
    },
    {
      what: "pinned images without a digest",
      given: { config: { "cryptotracker:images": { pinned: true } } },
      says: ["image-not-pinned", "settings.images.digests.api", "settings.images.digests.websocket"],
    },
    {
      what: "a size that Fargate does not sell",
      given: { config: { "cryptotracker:compute": { "api-service": { cpu: 32768, memory: 65536 } } } },
      says: ["fargate-size", "services.api-service.compute", "16 vCPU and 120 GB are Fargate's most", "EC2 pool"],
    },
    {
      what: "a GPU on Fargate",
      given: { config: { "cryptotracker:ecs": { ec2: false } } },
      says: ["fargate-hardware", "services.ml-inference-service.compute.on", "neither GPUs"],
    },
    {
      what: "prod without a certificate",
      given: { config: { "cryptotracker:profile": "prod", "cryptotracker:edge": {} } },
      says: ["certificate-missing", "settings.edge", "images-not-pinned"],
    },
    {
      what: "a size for a service that does not exist",
      given: { config: { "cryptotracker:compute": { "api-servce": { cpu: 256, memory: 512 } } } },
      says: ["unknown-service", "settings.compute.api-servce"],
    },
    {
      what: "a plain cluster without its secrets: every one, with the command that sets it",
      given: { config: { "cryptotracker:target": "kubernetes", "cryptotracker:secrets": { redis: SECRET_MARKER } } },
      says: ["database", "jwt-signing", "objects", "smtp", "vapid"].map(
        (name) => `allowed: pulumi config set --stack dev --secret --path cryptotracker:secrets.${name}`,
      ),
    },
    {
      what: "a region with too few zones",
      given: { zones: ["us-west-1a", "us-west-1c"] },
      says: ["region-zones", "2 zones", "three"],
    },
  ];
  for (const { what, given, says } of refusals) {
    it(`refuses ${what}, before any resource`, async () => {
      const { error, resources } = await runProgram("dev", given);
      expect(resources).to.deep.equal([]);
      expect(error?.kind).to.equal("RunError");
      for (const part of says) expect(error?.message).to.contain(part);
      expect(error?.message).not.to.contain(SECRET_MARKER);
      expect(error?.message).not.to.match(/\n\s+at /);
    });
  }

  it("refuses to flip a running prod in place, and names the rehearsal", async () => {
    const { error, resources } = await runProgram("prod", { running: "kubernetes" });
    expect(resources).to.deep.equal([]);
    expect(error?.kind).to.equal("RunError");
    expect(error?.message).to.contain("target-flip").and.contain("npm run rehearse -- --stack prod --from kubernetes");
  });

  it("refuses to flip any stack between AWS and a plain cluster, whose stores are others", async () => {
    for (const [target, running] of [
      ["kubernetes", "ecs"],
      ["ecs", "kubernetes"],
    ] as const) {
      const config = { "cryptotracker:target": target, "cryptotracker:secrets": CLUSTER_SECRETS };
      const { error, resources } = await runProgram("dev", { running, config });
      expect(resources).to.deep.equal([]);
      expect(error?.kind).to.equal("RunError");
      expect(error?.message)
        .to.contain(`found ${target} while dev runs on ${running}`)
        .and.contain("its stores do not come along")
        .and.contain(`npm run rehearse -- --stack dev --from ${running} --to ${target}`);
    }
  });

  it("lets prod run again on the target that it runs on, and dev flip on AWS", async () => {
    expect((await runProgram("prod", { running: "ecs" })).error).to.equal(undefined);
    expect((await runProgram("dev", { running: "eks" })).error).to.equal(undefined);
  });
});
