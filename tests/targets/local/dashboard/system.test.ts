import { expect } from "chai";
import { NOTHING_UNDER_WAY, systemOf, systemSide } from "../../../../targets/local/dashboard/system.ts";

describe("targets/local/dashboard system", () => {
  it("tells the web app how the services of each side are, and what is under way", () => {
    const one = { image: "api", desired: 2, ready: 1, restarts: 0, running: 2, stopping: 0, replicas: [] };
    const side = systemSide("ecs", 90, { workloads: { "api-service": one } });
    expect(systemOf([side], NOTHING_UNDER_WAY, new Date(0))).to.deep.equal({
      ...{ v: 1, time: "1970-01-01T00:00:00.000Z", phase: null, steps: [] },
      sides: [{ name: "ecs", target: "ecs", weight: 90, services: [{ name: "api-service", ready: 1, wanted: 2 }] }],
    });
  });
});
