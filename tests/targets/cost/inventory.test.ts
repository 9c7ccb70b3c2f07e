/** What is counted for the bill is what the program makes: it runs, and its resources are counted. */
import { expect } from "chai";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import type { Settings } from "../../../platform/settings.ts";
import { inventoryOf } from "../../../targets/cost/inventory.ts";
import { ofType, runProgram } from "../../program/support/run.ts";
import { dev, prod } from "../../support/stacks.ts";

const EDGE = { domain: "cryptotracker.example.org", hostedZoneId: "Z0123456789EXAMPLE" };

const cases: readonly [name: string, settings: Settings, config: Readonly<Record<string, unknown>>][] = [
  ["dev", dev, {}],
  ["prod", prod, {}],
  [
    "dev",
    { ...dev, stores: "selfHosted", edge: { ...dev.edge, ...EDGE } },
    { "cryptotracker:stores": "selfHosted", "cryptotracker:edge": EDGE },
  ],
];

describe("the inventory", () => {
  for (const [stack, settings, config] of cases) {
    it(`of ${stack} with ${settings.stores} stores is what the program makes`, async () => {
      const run = await runProgram(stack, { config });
      const inventory = inventoryOf(cryptotracker(settings), settings);
      const made = (type: string): number => ofType(run, type).length;
      const zonesOf = (type: string, key: string): number =>
        ofType(run, type).reduce((sum, { inputs }) => {
          const list = inputs[key];
          return sum + (Array.isArray(list) ? list.length : 0);
        }, 0);
      expect(inventory).to.include({
        endpointZones: zonesOf("ec2/vpcEndpoint:VpcEndpoint", "subnetIds"),
        loadBalancers: made("lb/loadBalancer:LoadBalancer"),
        keys: made("kms/key:Key"),
        secrets: made("secretsmanager/secret:Secret"),
        alarms: made("cloudwatch/metricAlarm:MetricAlarm"),
        dashboards: made("cloudwatch/dashboard:Dashboard"),
        hostedZones: made("route53/zone:Zone"),
        firewalls: made("wafv2/webAcl:WebAcl"),
        firewallRules: zonesOf("wafv2/webAcl:WebAcl", "rules"),
        brokers: Number(ofType(run, "msk/cluster:Cluster")[0]?.inputs["numberOfBrokerNodes"]),
      });
      const [open] = ofType(run, "lb/loadBalancer:LoadBalancer").filter(({ inputs }) => inputs["internal"] === false);
      const subnets = open?.inputs["subnets"];
      expect(inventory.publicAddresses - inventory.natGateways).to.equal(Array.isArray(subnets) ? subnets.length : 0);
      const [vpc] = run.resources.filter(({ type }) => type === "awsx:ec2:Vpc");
      const strategy = inventory.natGateways === 1 ? "Single" : "OnePerAz";
      expect(vpc?.inputs["natGateways"]).to.deep.equal({ strategy });
    });
  }
}).timeout(60_000);
