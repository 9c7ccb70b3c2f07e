import { expect } from "chai";
import { PRICES, type Part } from "../../../targets/cost/index.ts";
import { fleetParts, type Fleet, type Tenant } from "../../../targets/cost/fleets.ts";
import { levels } from "../../../targets/cost/money.ts";
import { problemsOf, valueOf } from "../../support/stacks.ts";

const FLEET: Fleet = {
  name: "general",
  instanceType: "m5.large",
  spot: false,
  rootVolume: 100,
  offered: { milliCpu: 2000, memory: 8000, gpus: 0, pods: 20, branchInterfaces: 9 },
  least: 0,
  most: 10,
};
/** One all month, by hand, in micro-dollars. */
const MACHINE = 730 * 96_000 + 100 * 80_000;
const SPOT_MACHINE = (730 * 96_000) / 2 + 100 * 80_000;

function tenant(name: string, milliCpu: number, counts: readonly [number, number, number], hours = 730): Tenant {
  const [min, desired, max] = counts;
  const need = { milliCpu, memory: 100, gpus: 0, pods: 1, branchInterfaces: 0 };
  return { name, kind: "workload", need, replicas: { min, desired, max }, hours };
}

function bills(fleet: Fleet, ...tenants: readonly Tenant[]): readonly (readonly [string, Part["monthly"]])[] {
  return valueOf(fleetParts(fleet, tenants, PRICES)).map(({ name, monthly }) => [name, monthly]);
}

describe("a fleet", () => {
  it("is billed by whole machines, and shared by what each tenant asks for", () => {
    // Three quarters of a machine and the rest of it.
    const bill = bills(FLEET, tenant("large", 1500, [1, 2, 4]), tenant("small", 500, [1, 2, 4]));
    const large = (MACHINE * 3) / 4;
    const small = MACHINE / 4;
    expect(bill).to.deep.equal([
      ["large", { min: large, desired: 2 * large, max: 4 * large }],
      ["small", { min: small, desired: 2 * small, max: 4 * small }],
    ]);
  });

  it("is shared to the last micro-dollar where a share is no whole number", () => {
    const bill = bills(FLEET, ...["a", "b", "c"].map((name) => tenant(name, 100, [1, 1, 1])));
    expect(bill.map(([, { min }]) => min)).to.deep.equal([26_026_667, 26_026_667, 26_026_666]);
  });

  it("is billed by its least where tenants ask for less, and by its most where they ask for more", () => {
    expect(bills({ ...FLEET, least: 2, most: 3 }, tenant("one", 2000, [1, 3, 9]))).to.deep.equal([
      ["one", { min: 2 * MACHINE, desired: 3 * MACHINE, max: 3 * MACHINE }],
    ]);
  });

  it("costs nothing where nobody asks for it, and its least where it stands idle", () => {
    expect(bills(FLEET)).to.deep.equal([]);
    expect(bills({ ...FLEET, least: 2 })).to.deep.equal([["general", levels(() => 2 * MACHINE)]]);
    expect(bills({ ...FLEET, least: 1 }, tenant("job", 100, [1, 1, 1], 73))).to.deep.equal([
      ["general", levels(() => MACHINE)],
      ["job", levels(() => MACHINE / 10)],
    ]);
  });

  it("brings a job machines of its own, for as long as it runs", () => {
    const bill = bills(FLEET, tenant("service", 500, [1, 1, 1]), tenant("job", 1500, [0, 1, 3], 7.3));
    expect(bill).to.deep.equal([
      ["service", levels(() => MACHINE)],
      ["job", { min: 0, desired: MACHINE / 100, max: (3 * MACHINE) / 100 }],
    ]);
  });

  it("costs on spot the share of its price that is assumed, and its disk in full", () => {
    const parts = valueOf(fleetParts({ ...FLEET, spot: true }, [tenant("one", 500, [1, 1, 1])], PRICES));
    expect(parts).to.deep.equal([
      { name: "one", kind: "workload", estimated: true, monthly: levels(() => SPOT_MACHINE) },
    ]);
  });

  it("is refused with all that keeps it from being priced", () => {
    const fleet = { ...FLEET, instanceType: "m99.large" };
    const problems = problemsOf(fleetParts(fleet, [tenant("giant", 2001, [1, 1, 1])], PRICES));
    expect(problems.map(({ code, path }) => [code, path])).to.deep.equal([
      ["no-price", "prices.instanceHour.m99.large"],
      ["no-machine", "services.giant.compute"],
    ]);
    expect(problems[0]?.found).to.equal("nothing, and general takes it");
    expect(problems[1]?.found).to.contain("2.001 vCPU");
  });
});
