import { expect } from "chai";
import { compareSides, isForeignFinding } from "../../../targets/foreign/compare.ts";
import { HIDDEN } from "../../../targets/foreign/hide.ts";
import { readSide } from "../../../targets/foreign/side.ts";
import { valueOf } from "../../support/stacks.ts";
import { ECS, KUBERNETES, parityOfFixtures } from "./support.ts";

const parity = parityOfFixtures();
const of = (workload: string, verdict: string): readonly string[] =>
  parity.findings
    .filter((each) => each.workload === workload && each.verdict === verdict)
    .map(({ container, field }) => (container === null ? field : `${container}/${field}`));

describe("parity of files that were not compiled", () => {
  it("pairs what is called alike and says what is missing on a side", () => {
    expect(parity.pairs.map(({ ecs, kubernetes }) => [ecs, kubernetes])).to.deep.equal([
      ["shop-web", "shop-web"],
      ["thumbnails", "thumbnails"],
    ]);
    expect(of("shop-report", "missing")).to.deep.equal(["workload"]);
  });

  it("lists what differs of a service with several containers", () => {
    expect(of("shop-web", "differs")).to.have.members([
      "stopTimeout", // 30 s there, 30 − 10 here
      "scaling.max",
      "scaling.outCooldown",
      "rollout", // 50–200 % there, 25 % each way here
      "env.LOG_LEVEL",
      "migrate/memoryLimit", // the task's there, none here
      "log-router/memoryLimit",
    ]);
    expect(of("shop-web", "missing")).to.have.members(["ephemeral", "env.POD_NAME", "env.STRIPE_API_KEY"]);
    expect(of("shop-web", "near")).to.have.members(["whenUnhealthy", "initialCount", "rollsBack"]);
  });

  it("lists what the files leave open, each with the reason", () => {
    expect(of("shop-web", "untold")).to.have.members([
      "readiness",
      "drain",
      "logs",
      "identity",
      "accepts",
      "reaches",
      "routes",
      "secrets.DATABASE_URL",
      "secrets.SESSION_SECRET",
      "migrate/user",
      "migrate/secrets.DATABASE_URL",
    ]);
    for (const { verdict, because } of parity.findings)
      if (verdict === "untold") expect(because).to.be.a("string").and.not.equal("");
  });

  it("finds equal what two notations say alike", () => {
    expect(of("shop-web", "agrees")).to.include.members([
      "image",
      "entryPoint",
      "command",
      "cpu", // 896 units, 875m
      "cpuCap", // 1024 units, "1"
      "memoryGuaranteed", // 2048, 2Gi
      "memoryLimit", // 2560, 2560Mi
      "liveness", // wget, httpGet
      "startGrace", // the shorter of 45 and 30 s; 6 × 5 s
      "user", // 1000:1000, 1000
      "architecture",
      "zones",
      "env.CHECKOUT_URL", // http://checkout:8080, http://checkout.shop.svc.cluster.local:8080
      "env.NODE_ENV", // in the container, in a ConfigMap
      "migrate/role",
      "log-router/cpu", // 64 units, 62.5m
      "log-router/memoryGuaranteed", // 64, 67108864
    ]);
  });

  it("reads a legacy task on EC2 and a pod with missing limits", () => {
    expect(of("thumbnails", "differs")).to.have.members(["memoryLimit", "env.REDIS_HOST"]);
    expect(of("thumbnails", "missing")).to.have.members(["env.SIZES", "env.cache.size"]);
    expect(of("thumbnails", "agrees")).to.include.members([
      "cpu", // 512 units, 500m
      "memoryGuaranteed", // a reservation, a request
      "rollout", // 0–100 %, Recreate
      "writablePaths",
      "cache/cpu", // 128 units; a limit of 125m alone
      "cache/memoryLimit",
    ]);
  });

  it("reports each field that it does not know, and ends with a finding for it", () => {
    const unknown = parity.notes.filter(({ kind }) => kind === "unknown").map(({ field }) => field);
    expect(unknown).to.deep.equal(["containerDefinitions[1].turboMode", "spec.template.spec.containers[0].turboMode"]);
    expect(isForeignFinding({ ...parity, findings: [] })).to.equal(true);
    expect(isForeignFinding({ ...parity, findings: [], notes: [] })).to.equal(false);
  });

  it("names what has no word in our terms, and what the platforms wrote themselves", () => {
    const fields = (kind: string) =>
      parity.notes.filter((each) => each.kind === kind).map(({ field }) => field.split(".").at(-1));
    expect(fields("unsaid")).to.include.members([
      "ulimits",
      "firelensConfiguration",
      "links",
      "networkMode",
      "dockerLabels",
      "host",
      "timeZone",
    ]);
    expect(fields("setAside")).to.include.members([
      "status",
      "managedFields",
      "uid",
      "resourceVersion",
      "creationTimestamp",
      "revision",
      "registeredAt",
      "registeredBy",
      "events",
      "deployments",
    ]);
  });

  it("shows no secret, neither of a Secret nor of a plain variable", () => {
    const text = JSON.stringify(parity);
    expect(text).to.not.match(/never-print|plain-text-key-4711/);
    expect(text).to.include(HIDDEN);
  });

  it("agrees with itself, whatever side it stands on", () => {
    const ecs = valueOf(readSide(ECS, "ecs"));
    const same = compareSides(ecs, ecs);
    expect(same.findings.filter(({ verdict }) => verdict !== "agrees" && verdict !== "untold")).to.deep.equal([]);
    const kubernetes = valueOf(readSide(KUBERNETES, "kubernetes"));
    const again = compareSides(kubernetes, kubernetes);
    expect(again.findings.filter(({ verdict }) => verdict !== "agrees" && verdict !== "untold")).to.deep.equal([]);
  });

  it("pairs by what it is told before it pairs by names", () => {
    const [ecs, kubernetes] = [valueOf(readSide(ECS, "ecs")), valueOf(readSide(KUBERNETES, "kubernetes"))];
    const { pairs } = compareSides(ecs, kubernetes, new Map([["shop-web", "shop-report"]]));
    expect(pairs.map(({ ecs: left, kubernetes: right }) => `${left}=${right}`)).to.include("shop-web=shop-report");
  });
});
