import { expect } from "chai";
import { check } from "../../platform/check.ts";
import { cryptotracker } from "../../platform/cryptotracker.ts";
import type { Settings } from "../../platform/settings.ts";
import { compile as compileEcs } from "../../targets/ecs/compile.ts";
import { dev, prod, problemsOf } from "../support/stacks.ts";

const found = (settings: Settings): string[] =>
  check(cryptotracker(settings), settings).map(({ code, path }) => `${path} ${code}`);

describe("check", () => {
  it("accepts both stacks", () => {
    expect(found(dev)).to.deep.equal([]);
    expect(found(prod)).to.deep.equal([]);
  });

  it("lets no prod stack go without a certificate or with loose images", () => {
    const bare = { ...prod, edge: { idleTimeout: 120 }, images: { ...prod.images, pinned: false } };
    expect(found(bare)).to.have.members([
      "settings.images.pinned images-not-pinned",
      "settings.edge.domain certificate-missing",
    ]);
    expect(found({ ...bare, profile: "dev" })).to.deep.equal([]);
  });

  it("takes a certificate of one's own for a domain, in the stack's region", () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/x";
    expect(found({ ...prod, edge: { ...prod.edge, certificateArn } })).to.deep.equal([]);
    expect(found({ ...dev, edge: { idleTimeout: 120, certificateArn } })).to.deep.equal([
      "settings.edge.certificateArn certificate-without-domain",
    ]);
    expect(found({ ...prod, region: "eu-west-1", edge: { ...prod.edge, certificateArn } })).to.include(
      "settings.edge.certificateArn certificate-region",
    );
  });

  it("wants a domain and its zone together", () => {
    const edge = { idleTimeout: 120, domain: "example.org" };
    expect(found({ ...dev, edge })).to.deep.equal(["settings.edge.hostedZoneId domain-without-zone"]);
    expect(found({ ...dev, edge: { idleTimeout: 120, hostedZoneId: "Z1" } })).to.deep.equal([
      "settings.edge.domain domain-without-zone",
    ]);
  });

  describe("on ECS", () => {
    const refused = (settings: Settings, model = cryptotracker(settings)): string[] =>
      problemsOf(compileEcs(model, settings)).map(({ code, path }) => `${path} ${code}`);

    it("refuses a GPU while only Fargate is there", () => {
      expect(refused({ ...dev, ecs: { ec2: false } })).to.deep.equal([
        "services.ml-inference-service.compute.on fargate-hardware",
        "services.model-training.compute.on fargate-hardware",
      ]);
      expect(refused({ ...dev, ml: false, ecs: { ec2: false } })).to.deep.equal([]);
    });

    it("refuses instances without an image", () => {
      expect(new Set(refused({ ...dev, machineImages: {} }))).to.deep.equal(
        new Set(["settings.machineImages.gpu machine-image-missing"]),
      );
    });
  });
});
