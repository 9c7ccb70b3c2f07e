/** What is generated says what it is generated from. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { configFor } from "../../policies/config/generate.ts";
import { ConfigError } from "../../policies/framework/config.ts";
import { catalogue } from "../../policies/catalogue.ts";
import { groups, rules } from "../../policies/rules.ts";
import { stackNames } from "../../platform/settings.ts";
import { dev, prod, ROOT, settingsOf } from "../support/stacks.ts";

describe("the policies' generated files", () => {
  for (const stack of stackNames(ROOT)) {
    it(`policies/config.${stack}.json is what the stack's settings say: npm run policy -- --stack all --write-config`, () => {
      const file: unknown = JSON.parse(readFileSync(join(ROOT, "policies", `config.${stack}.json`), "utf8"));
      expect(file).to.deep.equal(JSON.parse(JSON.stringify(configFor(rules, settingsOf(stack)))));
    });
  }

  it("docs/policies.md is what the rules say: npm run policy -- --write-catalogue", () => {
    expect(readFileSync(join(ROOT, "docs/policies.md"), "utf8")).to.equal(catalogue(groups));
  });
});

describe("a stack's pack configuration", () => {
  const exemption = {
    rule: "ecs-task-network",
    resource: "importer",
    reason: "reads multicast until it is rewritten",
    until: "2027-03-31",
  };

  it("takes the limits of the settings", () => {
    const config = configFor(rules, dev);
    const { vcpu, memoryGiB, gpus, pods } = dev.limits;
    expect(config["limits-stack-worst-case"]).to.deep.include({ vcpu, memoryGiB, gpus, replicas: pods });
    expect(config["limits-service-worst-case"]).to.deep.include({ every: dev.limits.service });
  });

  it("is stricter in prod: digests only, and what is medium stops a deployment", () => {
    expect(configFor(rules, dev)["ecs-container-image"]).to.deep.include({ digest: false, latest: true });
    expect(configFor(rules, prod)["ecs-container-image"]).to.deep.include({ digest: true, latest: false });
    expect(configFor(rules, dev)["ecs-task-role"]).to.equal("advisory");
    expect(configFor(rules, prod)["ecs-task-role"]).to.equal("mandatory");
  });

  it("mends only what can be mended, and only where the stack says so", () => {
    const levels = (remediation: "off" | "advisory" | "on") =>
      configFor(rules, { ...prod, policy: { ...prod.policy, remediation } });
    expect(levels("off")["ecs-service-shell"]).to.equal("mandatory");
    expect(levels("advisory")["ecs-service-shell"]).to.equal("advisory");
    expect(levels("on")["ecs-service-shell"]).to.equal("remediate");
    expect(levels("on")["ecs-task-network"]).to.equal("mandatory");
  });

  it("carries exemptions and levels to their rule", () => {
    const policy = { ...prod.policy, exemptions: [exemption], levels: { "ecs-task-ipc": "disabled" as const } };
    const config = configFor(rules, { ...prod, policy });
    const { rule, ...carried } = exemption;
    expect(config[rule]).to.deep.equal({ enforcementLevel: "mandatory", exemptions: [carried] });
    expect(config["ecs-task-ipc"]).to.equal("disabled");
  });

  it("refuses to name a rule that there is not", () => {
    const policy = { ...prod.policy, exemptions: [{ ...exemption, rule: "ecs-task-netwrok" }] };
    expect(() => configFor(rules, { ...prod, policy })).to.throw(ConfigError, /there is no rule "ecs-task-netwrok"/);
  });
});
