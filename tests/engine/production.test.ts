/** What the real engine is to know of prod: it comes up, and nobody flips it in place. */
import { expect } from "chai";
import { Cloud } from "./support/cloud.ts";
import { engineStack } from "./support/stack.ts";

const MINUTE = 60_000;
const UP = ["up", "--stack", "prod", "--yes", "--skip-preview", "--suppress-outputs"];

describe("prod on the real engine", function () {
  this.timeout(5 * MINUTE);
  const { project } = engineStack("prod");

  it("comes up, and its own last outputs are no obstacle to a second run", async () => {
    const first = await project().pulumi(UP);
    expect(first.code, first.output.slice(-4000)).to.equal(0);
    const second = await project().pulumi([...UP, "--expect-no-changes"]);
    expect(second.code, second.output.slice(-4000)).to.equal(0);
  });

  for (const target of ["eks", "kubernetes"]) {
    it(`refuses a flip to ${target} in place and leaves everything as it was`, async () => {
      const things = () => JSON.stringify(new Cloud(`${project().cloudFile}.aws`).all());
      const before = things();
      const { code, output } = await project().pulumi([...UP, "--config", `cryptotracker:target=${target}`]);
      expect(code).not.to.equal(0);
      expect(output)
        .to.contain("target-flip")
        .and.contain(`npm run rehearse -- --stack prod --from ecs --to ${target}`);
      expect(things()).to.equal(before);
    });
  }
});
