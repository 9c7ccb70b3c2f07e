/** The pack as the real engine runs it: loaded from its folder, configured by the stack's file, in a preview. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ROOT } from "../support/stacks.ts";
import { engineStack } from "./support/stack.ts";

const MINUTE = 60_000;
const PACK = join(ROOT, "policies");

function preview(config: string): readonly string[] {
  return ["preview", "--stack", "dev", "--policy-pack", PACK, "--policy-pack-config", config, "--suppress-outputs"];
}

describe("the policy pack on the real engine", function () {
  this.timeout(5 * MINUTE);

  describe("over a stack that is in order", () => {
    const { project } = engineStack("dev");

    it("lets it pass, and no unknown value is a word of it", async () => {
      const { code, output } = await project().pulumi(preview(join(PACK, "config.dev.json")));
      expect(code, output.slice(-4000)).to.equal(0);
      expect(output).to.contain("cryptotracker@v").and.not.contain("can't run policy");
    });

    it("refuses a configuration that is not as the schema wants it", async () => {
      const file = join(project().folder, "bad.json");
      writeFileSync(
        file,
        JSON.stringify({ "limits-stack-worst-case": { enforcementLevel: "mandatory", vcpu: "many" } }),
      );
      const { code, output } = await project().pulumi(preview(file));
      expect(code).not.to.equal(0);
      expect(output).to.contain("limits-stack-worst-case").and.contain("vcpu");
    });
  });

  describe("over a stack that asks for more than its limits", () => {
    const { project } = engineStack("dev", {
      "scaling.api-service.min": "2",
      "scaling.api-service.desired": "2",
      "scaling.api-service.max": "200",
    });

    it("stops it before anything is made, with what was found, what is allowed and what to do", async () => {
      const { code, output } = await project().pulumi(preview(join(PACK, "config.dev.json")));
      expect(code).not.to.equal(0);
      const text = output.replaceAll(/\s+/g, " ");
      expect(text)
        .to.contain("api-service.replicas: found 200 replicas; allowed: at most 20 replicas.")
        .and.to.match(/stack\.vcpu: found \d+(\.\d+)? vCPU \(api-service 200, .*allowed: at most 160 vCPU\./)
        .and.to.contain("Limits stack: All workloads at their maximum together stay within the stack's limits.");
    });
  });
});
