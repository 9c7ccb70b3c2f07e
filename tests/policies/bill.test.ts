/** A graph's bill, held against what `npm run cost` says of the compiled forms: two ways to one amount. */
import { expect } from "chai";
import { billOf } from "../../policies/bill/bill.ts";
import type { Item } from "../../policies/bill/types.ts";
import { graphOf } from "../../policies/framework/graph.ts";
import { resourcesOf } from "../../policies/program/resources.ts";
import type { Made } from "../../policies/fixtures.ts";
import { compileStack } from "../../targets/stack.ts";
import { estimate, PRICES, type Estimate, type Kind } from "../../targets/cost/index.ts";
import { ROOT, valueOf } from "../support/stacks.ts";
import { wholeGraph } from "./support/whole-graph.ts";
import { guarded, UNKNOWN } from "./support/props.ts";

interface Bill {
  readonly items: readonly Item[];
  readonly undecided: readonly string[];
}

function billFor(made: readonly Made[]): Bill {
  const resources = made.map(({ type, name, props }) => ({
    ...{ type, name, urn: name, protect: false, from: {} },
    props: guarded(props),
  }));
  const undecided: string[] = [];
  return { items: billOf(graphOf(resources), PRICES, (what) => undecided.push(what)), undecided };
}

describe("the bill of a stack's graph", function () {
  this.timeout(120_000);
  for (const stack of ["dev", "prod"]) {
    for (const target of ["ecs", "eks"] as const) {
      describe(`${stack} on ${target}`, () => {
        let bill: Bill;
        let cost: Estimate;
        before(async () => {
          const undecided: string[] = [];
          const { made } = resourcesOf({ resources: await wholeGraph(stack, target), outputs: {} });
          bill = { items: billOf(graphOf(made), PRICES, (what) => undecided.push(what)), undecided };
          const compiled = valueOf(compileStack(ROOT, stack, [target]));
          const [form] = compiled.forms;
          if (!form) throw new Error(`No form of ${target}.`);
          cost = valueOf(estimate(form, compiled, PRICES));
        });
        const billed = (names: RegExp, level: "desired" | "most") =>
          bill.items.filter(({ name }) => names.test(name)).reduce((sum, item) => sum + item[level], 0);
        const estimated = (kind: Kind, name: string, level: "desired" | "max" = "desired") =>
          cost.parts.find((part) => part.kind === kind && part.name === name)?.monthly[level];

        it("has a price for everything in it", () => expect(bill.undecided).to.deep.equal([]));

        it("is the estimate's for stores, keys, secrets, zones and addresses", () => {
          expect(billed(/^database/, "desired")).to.equal(estimated("store", "database"));
          expect(billed(/^redis$/, "desired")).to.equal(estimated("store", "redis"));
          expect(billed(/^kafka$/, "desired")).to.equal(estimated("store", "kafka"));
          expect(billed(/^secrets$/, "desired")).to.equal(estimated("security", "secrets"));
          expect(billed(/^hosted zones$/, "desired")).to.equal(estimated("security", "hosted zones"));
          expect(billed(/^public addresses$/, "desired")).to.equal(estimated("network", "public addresses"));
        });

        if (target === "ecs") {
          it("is the estimate's for every service on Fargate, as desired and at most", () => {
            const services = cost.parts.filter(
              ({ kind, name }) => kind === "workload" && !/^(ml-|model-|migrations)/.test(name),
            );
            expect(services).to.have.length.greaterThan(8);
            for (const { name, monthly } of services) {
              const item = bill.items.find((each) => each.name === name);
              expect(item, name).to.deep.equal({ name, desired: monthly.desired, most: monthly.max });
            }
          });
        } else {
          it("is the estimate's for the control plane", () => {
            expect(billed(/^control plane$/, "desired")).to.equal(estimated("platform", "control plane"));
          });
        }

        it("is no less at its most than what the estimate's workloads come to", () => {
          const machines = bill.items.reduce((sum, { most }) => sum + most, 0);
          const workloads = cost.parts.filter(({ kind }) => kind === "workload");
          expect(machines).to.be.greaterThan(workloads.reduce((sum, { monthly }) => sum + monthly.max, 0));
        });
      });
    }
  }
});

describe("a price that nobody knows", () => {
  const cases: readonly [what: string, made: Made, said: RegExp][] = [
    ["a machine of a type without one", machine({ instanceType: "u-6tb1.metal" }), /price of a u-6tb1\.metal \(odd\)/],
    ["a machine of no type", machine({}), /of which type odd is/],
    ["a machine whose type a preview does not know", machine({ instanceType: UNKNOWN }), /instanceType/],
    [
      "another engine",
      store("rds/instance:Instance", { engine: "oracle-ee", instanceClass: "db.r7g.large" }),
      /oracle-ee/,
    ],
    ["a class without one", store("rds/instance:Instance", { engine: "postgres", instanceClass: "db.x9" }), /db\.x9/],
    [
      "a cache node without one",
      store("elasticache/replicationGroup:ReplicationGroup", { nodeType: "cache.x9" }),
      /cache\.x9/,
    ],
    [
      "operations of a disk",
      store("ebs/volume:Volume", { type: "gp3", size: 10, iops: 9000 }),
      /gp3 volume with 9000 IOPS/,
    ],
    [
      "a network load balancer",
      store("lb/loadBalancer:LoadBalancer", { loadBalancerType: "network" }),
      /network load balancer/,
    ],
    [
      "a service that the book has not",
      store("redshift/cluster:Cluster", { nodeType: "ra3.large" }),
      /redshift\/cluster/,
    ],
  ];
  for (const [what, made, said] of cases) {
    it(`is said, and is not nothing: ${what}`, () => {
      const { items, undecided } = billFor([made]);
      expect(undecided.join("\n")).to.match(said);
      expect(items.filter(({ name }) => name === "odd")).to.deep.equal([]);
    });
  }

  it("is not asked of what costs by use alone", () => {
    expect(billFor([store("sqs/queue:Queue", {}), store("s3/bucket:Bucket", {})])).to.deep.equal({
      items: [],
      undecided: [],
    });
  });
});

function machine(props: object): Made {
  return store("ec2/instance:Instance", props);
}

function store(type: string, props: object): Made {
  return { type: `aws:${type}`, name: "odd", props };
}
