/** What is refused of a stack whose target is a plain cluster, and of no other. */
import { expect } from "chai";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import type { Settings } from "../../../platform/settings.ts";
import { compile } from "../../../targets/kubernetes/compile.ts";
import { dev, prod, problemsOf } from "../../support/stacks.ts";

function refused(settings: Settings): readonly (readonly [string, string])[] {
  return problemsOf(compile(cryptotracker(settings), settings)).map(({ code, path }) => [code, path]);
}

const onCluster: Settings = { ...dev, target: "kubernetes" };
const prodOnCluster: Settings = { ...prod, target: "kubernetes", kubernetes: dev.kubernetes };
const queues = `softwaremill/elasticmq:1.7.1@sha256:${"a".repeat(64)}`;

describe("limits of a stack on a plain cluster", () => {
  it("refuse nothing of our stacks, whether they run on this target or only compile its form", () => {
    expect(refused(onCluster)).to.deep.equal([]);
    expect(refused(prod)).to.deep.equal([]);
    expect(refused({ ...prod, target: "kubernetes" })).to.deep.equal([]);
  });

  it("want a certificate and every image by digest in prod, and nothing that only AWS has", () => {
    const edge = { idleTimeout: prod.edge.idleTimeout };
    const digests = Object.fromEntries(Object.entries(prod.images.digests).filter(([build]) => build !== "web"));
    expect(refused({ ...prodOnCluster, edge, images: { ...prod.images, digests } })).to.have.deep.members([
      ["image-not-pinned", "settings.images.digests.web"],
      ["image-not-pinned", "settings.kubernetes.images.queues"],
      ["certificate-missing", "settings.kubernetes.domain"],
      ["certificate-missing", "settings.kubernetes.tlsSecret"],
    ]);
    const kubernetes = { domain: "tracker.example.org", tlsSecret: "tracker", images: { queues } };
    expect(refused({ ...prodOnCluster, edge, kubernetes })).to.deep.equal([]);
  });

  it("want images pinned in prod on any target", () => {
    for (const settings of [prod, prodOnCluster])
      expect(refused({ ...settings, images: { ...prod.images, pinned: false } })).to.deep.include([
        "images-not-pinned",
        "settings.images.pinned",
      ]);
  });

  it("refuse what cannot be: a certificate for no name, an image of no store, images that nobody builds", () => {
    const kubernetes = { tlsSecret: "tracker", images: { mongo: queues } };
    expect(refused({ ...onCluster, kubernetes, images: { ...dev.images, build: true } })).to.have.deep.members([
      ["certificate-missing", "settings.kubernetes.domain"],
      ["unknown-store", "settings.kubernetes.images.mongo"],
      ["images-not-built", "settings.images.build"],
    ]);
  });
});
