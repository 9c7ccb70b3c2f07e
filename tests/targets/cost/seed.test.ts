/** The ranges that the analysis gives for its three services, against the real forms at the counts that it wants. */
import { expect } from "chai";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import type { Model, Workload } from "../../../platform/model/types.ts";
import { estimate, PRICES, type Estimate } from "../../../targets/cost/index.ts";
import { compileModel, type Compiler } from "../../../targets/stack.ts";
import { dev, valueOf } from "../../support/stacks.ts";

const SEED = {
  "api-service": { desired: 3, least: 50, most: 200 },
  "websocket-service": { desired: 3, least: 30, most: 150 },
  "sentiment-processor": { desired: 2, least: 100, most: 400 },
} as const;
const names = Object.keys(SEED);

/** The three, with the collector that every service of ours reports to; phase 1 has no GPU. Others are not called. */
function threeServices(): Model {
  const whole = cryptotracker({ ...dev, ml: false });
  const kept = [...names, "telemetry-collector"];
  const alone = <W extends Workload>(each: W): W => ({
    ...each,
    uses: each.uses.filter(({ to }) => to.kind !== "service" || kept.includes(to.name)),
  });
  return { ...whole, workloads: whole.workloads.filter(({ name }) => kept.includes(name)).map(alone) };
}

function priced(target: Compiler): Estimate {
  const stack = valueOf(compileModel(threeServices(), { ...dev, ml: false }, [target]));
  const [form] = stack.forms;
  if (!form) throw new Error("nothing was compiled");
  return valueOf(estimate(form, stack, PRICES));
}

/** Dollars at the usual counts. */
function dollars({ parts }: Estimate, wanted: (part: Estimate["parts"][number]) => boolean): number {
  return parts.filter(wanted).reduce((sum, { monthly }) => sum + monthly.desired / 1e6, 0);
}

describe("the analysis' cost table", () => {
  const ecs = priced("ecs");
  const eks = priced("eks");

  it("is about the counts that dev has", () => {
    for (const { name, ...rest } of threeServices().workloads) {
      const wanted = Object.entries(SEED).find(([service]) => service === name)?.[1].desired ?? 1;
      expect("scaling" in rest && "desired" in rest.scaling ? rest.scaling.desired : undefined, name).to.equal(wanted);
    }
  });

  for (const [service, { least, most }] of Object.entries(SEED)) {
    it(`Fargate, ${service}: $${least}–${most}`, () => {
      expect(dollars(ecs, ({ name }) => name === service)).to.be.within(least, most);
    });
  }

  it("Fargate, the three: $180–750", () => {
    expect(dollars(ecs, ({ name }) => names.includes(name))).to.be.within(180, 750);
  });

  it("Kubernetes, control plane: $73", () => {
    expect(dollars(eks, ({ name }) => name === "control plane")).to.equal(73);
  });

  const onNodes = ({ kind, name }: Estimate["parts"][number]): boolean =>
    kind === "workload" || name === "cluster operators";

  it("Kubernetes, nodes: $200–800", () => {
    expect(dollars(eks, onNodes)).to.be.within(200, 800);
  });

  it("Kubernetes, control plane, nodes and what watches them: $323–923", () => {
    const all = dollars(eks, (part) => onNodes(part) || ["control plane", "Container Insights"].includes(part.name));
    expect(all).to.be.within(323, 923);
  });

  it("Fargate is the cheaper one at this scale", () => {
    expect(ecs.total.desired).to.be.lessThan(eks.total.desired);
  });
});
