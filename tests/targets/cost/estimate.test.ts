import { expect } from "chai";
import fc from "fast-check";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import type { Model } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import { estimate, LEVELS, PRICES, type Estimate, type Part, type PriceBook } from "../../../targets/cost/index.ts";
import { nodesPacked } from "../../../targets/eks/packing.ts";
import { plannedGroups } from "../../../targets/eks/node-groups.ts";
import { batchesOf, GENERAL } from "../../../targets/eks/demand.ts";
import { OPERATOR_PODS } from "../../../targets/eks/system-pods.ts";
import { compileModel, type CompiledStack, type Compiler } from "../../../targets/stack.ts";
import { dev, devModel, prod, problemsOf, valueOf, withWorkload, workload } from "../../support/stacks.ts";

const TARGETS = ["ecs", "eks"] as const;
type Priced = (typeof TARGETS)[number];

function compiled(settings: Settings, model: Model = cryptotracker(settings), targets: readonly Compiler[] = TARGETS) {
  return valueOf(compileModel(model, settings, targets));
}

function priced(stack: CompiledStack, target: Priced, book: PriceBook = PRICES): Estimate {
  const form = stack.forms.find((each) => each.target === target);
  if (!form) throw new Error(`${target} was not compiled`);
  return valueOf(estimate(form, stack, book));
}

function part({ parts }: Estimate, name: string): Part {
  const found = parts.find((each) => each.name === name);
  if (!found) throw new Error(`No part ${name}; there are ${parts.map((each) => each.name).join(", ")}`);
  return found;
}

/** Dollars by hand → micro-dollars, to the nearest. */
const usd = (dollars: number): number => Math.round(dollars * 1e6);

/** Of so many replicas of a size on Fargate, all month. */
const fargate = (replicas: number, vcpu: number, gb: number): number =>
  usd(replicas * 730 * (vcpu * 0.04048 + gb * 0.004445));

const stacks = { dev: compiled(dev), prod: compiled(prod) };

describe("an estimate", () => {
  for (const [name, stack] of Object.entries(stacks)) {
    for (const target of TARGETS) {
      it(`of ${name} on ${target}: whole micro-dollars, each name once, and the parts are the total`, () => {
        const { parts, total } = priced(stack, target);
        expect(new Set(parts.map((each) => each.name)).size).to.equal(parts.length);
        for (const level of LEVELS) {
          expect(parts.every(({ monthly }) => Number.isSafeInteger(monthly[level]) && monthly[level] >= 0)).to.equal(
            true,
          );
          expect(parts.reduce((sum, { monthly }) => sum + monthly[level], 0)).to.equal(total[level]);
        }
        const workloads = parts.filter(({ kind }) => kind === "workload").map((each) => each.name);
        expect(workloads).to.have.members(stack.model.workloads.map((each) => each.name));
        expect(total.min).to.be.at.most(total.desired);
        expect(total.desired).to.be.at.most(total.max);
      });
    }
  }

  describe("of ECS", () => {
    const ecs = priced(stacks.dev, "ecs");

    it("has Fargate by size and time", () => {
      expect(part(ecs, "api-service").monthly).to.deep.equal({
        min: fargate(2, 1, 2),
        desired: fargate(3, 1, 2),
        max: fargate(20, 1, 2),
      });
      expect(part(ecs, "sentiment-processor").monthly.desired).to.equal(fargate(2, 4, 8));
      expect(part(ecs, "data-ingestion-service").monthly).to.deep.equal({
        min: fargate(1, 0.5, 1),
        desired: fargate(1, 0.5, 1),
        max: fargate(1, 0.5, 1),
      });
    });

    it("has a whole machine where a task takes less than one, with its disk", () => {
      // g5.xlarge with a root disk of 60 GB and the task's 50.
      expect(part(ecs, "ml-inference-service").monthly).to.deep.equal({
        min: usd(730 * 1.006 + 110 * 0.08),
        desired: usd(730 * 1.006 + 110 * 0.08),
        max: usd(3 * (730 * 1.006 + 110 * 0.08)),
      });
    });

    it("has three tenants of one A100 each on one p4d, and pays for all eight", () => {
      const { min, max } = part(priced(stacks.prod, "ecs"), "ml-inference-service").monthly;
      expect(max).to.equal(min);
      expect(min)
        .to.be.greaterThan(usd(730 * 21.957642))
        .and.lessThan(usd(730 * 22.5));
    });

    it("counts a job at its worst: each night until its deadline, on spot", () => {
      const hours = (365 / 12) * 4;
      const { monthly, estimated } = part(ecs, "model-training");
      expect(monthly.desired).to.be.closeTo(usd(hours * 1.006 * 0.5 + (hours / 730) * 110 * 0.08), 1);
      expect(estimated).to.equal(true);
      // Thirty rollouts, ten minutes each, of a quarter of a CPU.
      expect(part(ecs, "migrations").monthly.max).to.equal(usd((30 / 6) * (0.25 * 0.04048 + 0.5 * 0.004445)));
    });

    it("follows the purchase and the architecture", () => {
      const api = workload("api-service", "service");
      const cheaper = (compute: Partial<typeof api.compute>) =>
        part(
          priced(
            compiled(dev, withWorkload({ ...api, interruptible: true, compute: { ...api.compute, ...compute } }), [
              "ecs",
            ]),
            "ecs",
          ),
          "api-service",
        );
      expect(cheaper({ architecture: "arm64" }).monthly.desired).to.equal(usd(3 * 730 * (0.03238 + 2 * 0.00356)));
      const spot = cheaper({ purchase: "spot" });
      expect(spot.monthly.desired).to.equal(Math.round(fargate(3, 1, 2) * 0.4));
      expect(spot.estimated).to.equal(true);
    });

    it("pays for disk beyond the first 20 GB", () => {
      const api = workload("api-service", "service");
      const on = { pool: "general", ephemeral: 50 } as const;
      const stack = compiled(dev, withWorkload({ ...api, compute: { ...api.compute, on } }), ["ecs"]);
      expect(part(priced(stack, "ecs"), "api-service").monthly.desired).to.equal(
        usd(3 * 730 * (0.04048 + 2 * 0.004445 + 30 * 0.000111)),
      );
    });
  });

  describe("of EKS", () => {
    const eks = priced(stacks.dev, "eks");

    it("has the control plane by the hour, and its key by the month", () => {
      expect(part(eks, "control plane").monthly).to.deep.equal({ min: usd(73), desired: usd(73), max: usd(73) });
      expect(part(eks, "cluster key").monthly).to.deep.equal({ min: usd(1), desired: usd(1), max: usd(1) });
    });

    for (const [name, stack] of Object.entries(stacks)) {
      for (const level of LEVELS) {
        it(`shares whole nodes of ${name} at ${level}: as many as a packing takes, no cent less`, () => {
          const groups = plannedGroups(stack.model, stack.settings);
          const general = groups.find(({ group }) => group.name === GENERAL);
          if (!general) throw new Error("There is no general group");
          const { group, members, offered } = general;
          const staying = members.filter(({ kind }) => kind !== "job");
          const nodes = Math.max(group.min, nodesPacked([...batchesOf(staying, level), ...OPERATOR_PODS], offered));
          const node = 730 * 0.4032 + group.rootVolume * 0.08;
          const names = [...staying.map((each) => each.name), "cluster operators"];
          const { parts } = priced(stack, "eks");
          const shared = parts.filter((each) => names.includes(each.name));
          expect(shared.reduce((sum, { monthly }) => sum + monthly[level], 0)).to.equal(usd(nodes * node));
        });
      }
    }

    it("shares them by what each asks for: twice as much for twice the size", () => {
      const { desired: api } = part(eks, "api-service").monthly;
      const { desired: websocket } = part(eks, "websocket-service").monthly;
      // 3 × 1 vCPU and 3 × half of one.
      expect(api / websocket).to.be.closeTo(2, 1e-6);
    });

    it("has the same shared parts as ECS, but for what only a cluster has", () => {
      const shared = (each: Estimate) =>
        each.parts.filter(({ kind }) => ["network", "edge", "store", "security"].includes(kind));
      expect(shared(eks)).to.deep.equal(shared(priced(stacks.dev, "ecs")));
    });
  });

  describe("of what both share", () => {
    const { parts } = priced(stacks.dev, "ecs");
    const large = priced(stacks.prod, "ecs");
    const of = (name: string) => part({ parts, total: { min: 0, desired: 0, max: 0 } }, name).monthly.desired;

    it("has dev's stores: a writer with a standby and a replica, two nodes, three brokers", () => {
      expect(of("database")).to.equal(usd(3 * (730 * 0.065 + 50 * 0.115) + 730 * 2 * 0.015));
      expect(of("redis")).to.equal(usd(2 * 730 * 0.032));
      expect(of("kafka")).to.equal(usd(3 * (730 * 0.0456 + 100 * 0.1)));
    });

    it("has prod's: two replicas, three nodes, large ones", () => {
      expect(part(large, "database").monthly.min).to.equal(usd(4 * (730 * 0.239 + 200 * 0.115) + 730 * 2 * 0.015));
      expect(part(large, "redis").monthly.min).to.equal(usd(3 * 730 * 0.219));
      expect(part(large, "kafka").monthly.min).to.equal(usd(3 * (730 * 0.204 + 500 * 0.1)));
    });

    it("has self-hosted ones by machine, disk and snapshot", () => {
      const edge = { ...dev.edge, domain: "cryptotracker.example.org", hostedZoneId: "Z0123456789EXAMPLE" };
      const own = priced(compiled({ ...dev, stores: "selfHosted", edge }), "ecs");
      const root = 30 * 0.08;
      expect(part(own, "database").monthly.min).to.equal(
        usd(730 * 0.172 + root + 100 * 0.125 + 3000 * 0.065 + 150 * 0.05),
      );
      expect(part(own, "redis").monthly.min).to.equal(usd(2 * (730 * 0.1323 + root + 20 * 0.08 + 30 * 0.05)));
    });

    it("has one NAT gateway in dev and one a zone in prod, seven endpoints in three zones", () => {
      expect(of("NAT gateways")).to.equal(usd(730 * 0.045 + 150 * 0.045));
      expect(part(large, "NAT gateways").monthly.desired).to.equal(usd(3 * 730 * 0.045 + 150 * 0.045));
      expect(of("interface endpoints")).to.equal(usd(21 * 730 * 0.01 + 150 * 0.01));
      expect(of("public addresses")).to.equal(usd(4 * 730 * 0.005));
    });

    it("has two load balancers with the capacity units that are assumed", () => {
      expect(of("load balancers")).to.equal(usd(2 * 730 * 0.0225 + 4 * 730 * 0.008 + 100 * 0.09));
    });

    it("has a firewall in prod alone", () => {
      expect(part(large, "web application firewall").monthly.min).to.equal(usd(2 * 5 + 8 * 1 + 5 * 0.6));
      expect(parts.some(({ name }) => name === "web application firewall")).to.equal(false);
    });
  });

  describe("is refused", () => {
    const refused = (settings: Settings, target: Compiler, book: PriceBook) => {
      const stack = compiled(settings, cryptotracker(settings), [target]);
      const [form] = stack.forms;
      if (!form) throw new Error("nothing was compiled");
      return problemsOf(estimate(form, stack, book));
    };

    it("for a cluster that AWS does not bill", () => {
      expect(refused(dev, "kubernetes", PRICES).map(({ code }) => code)).to.deep.equal(["not-priced"]);
    });

    it("with prices of another region, which are named", () => {
      const [problem] = refused({ ...dev, region: "eu-west-1" }, "ecs", PRICES);
      expect(problem?.allowed).to.match(/^us-east-1, /);
      expect(problem).to.include({ code: "price-region", path: "settings.region", found: "eu-west-1" });
    });

    it("where prices are missing, all of them at once and by name", () => {
      const { prices } = PRICES;
      const book: PriceBook = {
        ...PRICES,
        prices: {
          ...prices,
          instanceHour: { "m5.large": 0.096 },
          cache: { nodeHour: {} },
          kafka: { ...prices.kafka, brokerHour: {} },
        },
      };
      expect(refused(dev, "ecs", book).map(({ code, path }) => [code, path])).to.deep.equal([
        ["no-price", "prices.instanceHour.g5.xlarge"],
        ["no-price", "prices.instanceHour.g5.xlarge"],
        ["no-price", "prices.cache.nodeHour.cache.t4g.small"],
        ["no-price", "prices.kafka.brokerHour.kafka.t3.small"],
      ]);
    });
  });

  describe("grows with what is asked for", () => {
    // Workers have bounds of their own: the partitions that they read.
    const names = devModel.workloads.filter(({ kind }) => kind === "service").map(({ name }) => name);
    const general = names.filter((name) => workload(name, "service").compute.on.pool === "general");
    const sizes = [
      { cpu: 256, memory: 512 },
      { cpu: 512, memory: 1024 },
      { cpu: 1024, memory: 2048 },
      { cpu: 1024, memory: 4096 },
      { cpu: 2048, memory: 4096 },
      { cpu: 2048, memory: 8192 },
      { cpu: 4096, memory: 8192 },
    ] as const;
    const size = fc.nat(sizes.length - 1);
    const counts = fc
      .tuple(fc.integer({ min: 2, max: 8 }), fc.nat(4), fc.nat(4))
      .map(([min, more, most]) => ({ min, desired: min + more, max: min + more + most }));
    const asked = fc.array(fc.record({ size, counts }), { minLength: general.length, maxLength: general.length });
    const roomy = { ...dev, limits: { ...dev.limits, vcpu: 10_000, memoryGiB: 100_000, gpus: 100, pods: 10_000 } };

    interface Asked {
      readonly size: number;
      readonly counts: { readonly min: number; readonly desired: number; readonly max: number };
    }

    function total(target: Priced, services: readonly Asked[]) {
      const all = services.map((each, index) => [general[index] ?? "", each] as const);
      const settings = {
        ...roomy,
        compute: Object.fromEntries(all.map(([name, each]) => [name, sizes[each.size] ?? sizes[0]])),
        scaling: Object.fromEntries(all.map(([name, each]) => [name, each.counts])),
      };
      return priced(compiled(settings, cryptotracker(settings), [target]), target).total;
    }

    function neverLess(target: Priced, grow: (each: Asked, by: number) => Asked): void {
      fc.assert(
        fc.property(asked, fc.nat(general.length - 1), fc.integer({ min: 1, max: 4 }), (services, which, by) => {
          const more = services.map((each, index) => (index === which ? grow(each, by) : each));
          const [before, after] = [total(target, services), total(target, more)];
          for (const level of LEVELS) expect(after[level], level).to.be.at.least(before[level]);
        }),
        { numRuns: 30 },
      );
    }

    for (const target of TARGETS) {
      it(`more replicas on ${target} never cost less`, () => {
        neverLess(target, ({ counts: { min, desired, max }, ...each }, by) => ({
          ...each,
          counts: { min: min + by, desired: desired + by, max: max + by },
        }));
      });

      it(`a larger task on ${target} never costs less`, () => {
        neverLess(target, (each, by) => ({ ...each, size: Math.min(sizes.length - 1, each.size + by) }));
      });
    }
  });
}).timeout(60_000);
