import { expect } from "chai";
import { lagBetween } from "../../../../../targets/migration/stages/lag.ts";
import { partsOf } from "../../../../../targets/migration/stages/aws/adapters/images.ts";
import { statesIn } from "../../../../../targets/migration/stages/aws/adapters/kubernetes.ts";
import { ruleOf } from "../../../../../targets/migration/stages/aws/adapters/load-balancers.ts";
import { settledConfig, sideConfig, trafficConfig } from "../../../../../targets/migration/stages/aws/config.ts";
import { layoutOf, type Layout } from "../../../../../targets/migration/stages/aws/layout.ts";
import type { ListenerRule, MetricSeries } from "../../../../../targets/migration/stages/aws/ports.ts";
import {
  balancerDimension,
  groupDimension,
  type SideRoute,
  weightsOf,
} from "../../../../../targets/migration/stages/aws/routes.ts";
import { queriesFor, samplesBySide, wholeMinutes } from "../../../../../targets/migration/stages/aws/samples.ts";
import { BASE } from "./support.ts";

const LISTENER = "arn:aws:elasticloadbalancing:us-east-1:1:listener/app/edge/50dc6c495c0c9188/f2f7dc8efc522ab2";
const route = (side: string, service = "api-service"): SideRoute => ({
  ...{ side, service, paths: [`/${service}/*`], listenerArn: LISTENER },
  targetGroupArn: `arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/${side}-${service}/73e2d6bc24d8a067`,
});
const series = (value: number | null, complete = true): MetricSeries => ({
  complete,
  points: value === null ? [] : [{ at: 0, value }],
});
const told = (values: Readonly<Record<string, number | null>>, incomplete: readonly string[] = []) =>
  new Map(Object.entries(values).map(([id, value]) => [id, series(value, !incomplete.includes(id))]));

describe("what CloudWatch says of a side", () => {
  const quiet = { balancer_0: null, errors_0: null, connections_0: null, p50_0: null, p95_0: null, p99_0: null };

  it("asks each group by the dimensions that the load balancer writes", () => {
    expect(queriesFor([route("ecs")])[1]).to.deep.equal({
      id: "errors_0",
      namespace: "AWS/ApplicationELB",
      name: "HTTPCode_Target_5XX_Count",
      stat: "Sum",
      dimensions: {
        LoadBalancer: "app/edge/50dc6c495c0c9188",
        TargetGroup: "targetgroup/ecs-api-service/73e2d6bc24d8a067",
      },
    });
    expect([balancerDimension(LISTENER), groupDimension(route("ecs").targetGroupArn)]).to.deep.equal([
      "app/edge/50dc6c495c0c9188",
      "targetgroup/ecs-api-service/73e2d6bc24d8a067",
    ]);
  });

  it("takes a missing 5xx for none where requests have samples, and for no answer where they have none", () => {
    const some = samplesBySide([route("ecs")], told({ ...quiet, requests_0: 500, p50_0: 0.02 }), "ecs");
    expect(some["ecs"]).to.deep.equal({ requests: 500, errors: 0, p50: 20, p95: null, p99: null });
    const none = samplesBySide([route("ecs")], told({ ...quiet, requests_0: null }), "ecs");
    expect(none["ecs"]).to.deep.equal({ requests: 0, errors: 0, p50: null, p95: null, p99: null });
  });

  it("has no samples where CloudWatch could not say how many failed", () => {
    const found = samplesBySide([route("ecs")], told({ ...quiet, requests_0: 500 }, ["errors_0"]), "ecs");
    expect(found["ecs"]?.requests).to.equal(0);
  });

  it("holds refused connections and the load balancer's own errors against a side, the latter against the new one", () => {
    const both = [route("ecs"), route("eks")];
    const values = {
      ...{ balancer_0: 7, requests_0: 900, errors_0: 1, connections_0: null, p50_0: 0.02, p95_0: null, p99_0: null },
      ...{ requests_1: 100, errors_1: 2, connections_1: 3, p50_1: 0.04, p95_1: null, p99_1: null },
    };
    const found = samplesBySide(both, told(values), "eks");
    expect(found["ecs"]).to.include({ requests: 900, errors: 1 });
    expect(found["eks"]).to.include({ requests: 107, errors: 12 });
  });

  it("means percentiles by the requests of each service", () => {
    const both = [route("ecs"), route("ecs", "auth-service")];
    const values = {
      ...{ ...quiet, requests_0: 300, p50_0: 0.01 },
      ...{ requests_1: 100, errors_1: null, connections_1: null, p50_1: 0.09, p95_1: null, p99_1: null },
    };
    expect(samplesBySide(both, told(values), "ecs")["ecs"]?.p50).to.be.closeTo(30, 1e-9);
  });

  it("counts whole minutes that are a minute old", () => {
    const at = (clock: string): number => Date.parse(`2026-11-25T${clock}Z`);
    expect(wholeMinutes(at("09:00:30"), at("09:02:59"))).to.deep.equal({ from: at("09:01:00"), to: at("09:01:00") });
    expect(wholeMinutes(at("09:00:30"), at("09:04:10"))).to.deep.equal({ from: at("09:01:00"), to: at("09:03:00") });
  });
});

describe("weights as the listener has them", () => {
  const rule = (
    priority: number,
    path: string,
    groups: Readonly<Record<string, number>>,
    headers: ListenerRule["headers"] = {},
  ): ListenerRule => ({
    ...{ priority, paths: [path], headers },
    groups: Object.entries(groups).map(([arn, weight]) => ({ arn, weight })),
  });
  const [ecs, eks] = [route("ecs"), route("eks")];
  const path = "/api-service/*";

  it("reads the first rule without a trial header", () => {
    const rules = [
      rule(32_001, path, { [ecs.targetGroupArn]: 1 }),
      rule(16_001, path, { [ecs.targetGroupArn]: 90, [eks.targetGroupArn]: 10 }),
      rule(1, path, { [eks.targetGroupArn]: 1 }, { "x-cryptotracker-trial": ["eks.x"] }),
    ];
    expect(weightsOf([ecs, eks], new Map([[LISTENER, rules]]))).to.deep.equal({ ecs: 90, eks: 10 });
    expect(weightsOf([ecs, eks], new Map([[LISTENER, rules.slice(0, 1)]]))).to.deep.equal({ ecs: 100, eks: 0 });
  });

  it("refuses paths that differ, a group that is no side's, and a path without a rule", () => {
    const auth = route("ecs", "auth-service");
    const rules = [
      rule(16_001, path, { [ecs.targetGroupArn]: 90, [eks.targetGroupArn]: 10 }),
      rule(16_002, "/auth-service/*", { [auth.targetGroupArn]: 1 }),
    ];
    expect(() => weightsOf([ecs, eks, auth], new Map([[LISTENER, rules]]))).to.throw("Paths have different weights");
    expect(() => weightsOf([ecs], new Map([[LISTENER, [rule(1, path, { elsewhere: 1 })]]]))).to.throw("no side's");
    expect(() => weightsOf([ecs], new Map([[LISTENER, []]]))).to.throw(`No rule of the listener has ${path}.`);
  });

  it("takes ELBv2's own shape: a weight, a group without one, the last rule left out", () => {
    const conditions = [
      { Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } },
      { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-CryptoTracker-Trial", Values: ["eks.v"] } },
    ];
    const weighted = { ForwardConfig: { TargetGroups: [{ TargetGroupArn: "a", Weight: 0 }, { TargetGroupArn: "b" }] } };
    expect(
      ruleOf({ Priority: "7", Conditions: conditions, Actions: [{ Type: "forward", ...weighted }] }),
    ).to.deep.equal([
      {
        ...{ priority: 7, paths: ["/api/*"], headers: { "X-CryptoTracker-Trial": ["eks.v"] } },
        groups: [
          { arn: "a", weight: 0 },
          { arn: "b", weight: 1 },
        ],
      },
    ]);
    expect(ruleOf({ Priority: "8", Actions: [{ Type: "forward", TargetGroupArn: "c" }] })[0]?.groups).to.deep.equal([
      { arn: "c", weight: 1 },
    ]);
    expect(ruleOf({ Priority: "default", IsDefault: true })).to.deep.equal([]);
  });
});

describe("stacks of a migration", () => {
  const layout = (target: string, attached: readonly string[], from = "ecs", to = "eks"): Layout => {
    const found = layoutOf("dev", from, to, { target, attached });
    if (!found.ok) throw new Error(JSON.stringify(found.problems));
    return found.value;
  };

  it("knows which side is whose, before, after and in between", () => {
    const forward = layout("ecs", []);
    expect([forward.from.stack, forward.to.stack, forward.traffic]).to.deep.equal(["dev", "dev-eks", "dev-traffic"]);
    // The old side has just gone.
    expect(layout("none", ["eks"])).to.deep.equal(forward);
    const back = layout("none", ["eks"], "eks", "ecs");
    expect([back.from.stack, back.to.stack]).to.deep.equal(["dev-eks", "dev"]);
    expect(layout("ecs", ["eks"], "eks", "ecs")).to.deep.equal(back);
  });

  it("refuses a stack that is not up, runs something else, or has too long a name", () => {
    const refused = (stack: string, target: string | null) => {
      const found = layoutOf(stack, "ecs", "eks", { target, attached: [] });
      return found.ok ? [] : found.problems.map(({ code }) => code);
    };
    expect(refused("dev", null)).to.deep.equal(["stack-not-up"]);
    expect(refused("dev", "kubernetes")).to.deep.equal(["stack-other-side"]);
    expect(refused("production", "ecs")).to.deep.equal(["stack-name"]);
  });

  it("gives green all that the foundation is set to, but its role, its counts and its secrets", () => {
    const base = {
      ...BASE,
      "cryptotracker:replicas": { "api-service": { atLeast: 4 } },
      "cryptotracker:secrets": { smtp: { secure: "AAAB" } },
    };
    const green = sideConfig(base, layout("ecs", []), layout("ecs", []).to, { "alert-service": { exactly: 0 } });
    expect(green).to.include({ "cryptotracker:target": "eks", "cryptotracker:foundation": "dev" });
    expect(green["cryptotracker:network"]).to.equal(BASE["cryptotracker:network"]);
    expect(green["cryptotracker:replicas"]).to.deep.equal({ "alert-service": { exactly: 0 } });
    expect(green).to.not.have.property("cryptotracker:secrets");
    const blue = sideConfig(base, layout("ecs", []), layout("ecs", []).from, {});
    expect(blue).to.not.have.any.keys("cryptotracker:foundation", "cryptotracker:replicas");
    expect(blue).to.have.property("cryptotracker:secrets");
  });

  it("gives the weights their three settings and the region, and names one side alone for good", () => {
    expect(trafficConfig(BASE, layout("ecs", []), { ecs: 90, eks: 10 })).to.deep.equal({
      "aws:region": "us-east-1",
      "cryptotracker:foundation": "dev",
      "cryptotracker:sides": { ecs: "dev", eks: "dev-eks" },
      "cryptotracker:traffic": { ecs: 90, eks: 10 },
    });
    expect(trafficConfig(BASE, layout("ecs", []), { eks: 100 })).to.deep.include({
      "cryptotracker:sides": { eks: "dev-eks" },
      "cryptotracker:traffic": { eks: 100 },
    });
    expect(settledConfig({ ...BASE, "cryptotracker:replicas": {} })).to.deep.equal({
      ...BASE,
      "cryptotracker:target": "none",
    });
  });
});

describe("answers of AWS' services", () => {
  it("finds an image's registry, repository and version, and leaves other registries alone", () => {
    const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
    const digest = `sha256:${"a".repeat(64)}`;
    expect(partsOf(`${registry}/cryptotracker/api:1.2.3`)).to.deep.equal({
      ...{ account: "123456789012", repository: "cryptotracker/api", id: { imageTag: "1.2.3" } },
    });
    expect(partsOf(`${registry}/cryptotracker/api@${digest}`)?.id).to.deep.equal({ imageDigest: digest });
    expect(partsOf("public.ecr.aws/aws-observability/aws-otel-collector@sha256:0")).to.equal(null);
    expect(partsOf("cryptotracker/api:latest")).to.equal(null);
  });

  it("takes a Deployment for settled when a rollout would be over", () => {
    const deployment = (status: object) => ({
      items: [{ metadata: { name: "api-service", generation: 4 }, spec: { replicas: 3 }, status }],
    });
    const settled = { observedGeneration: 4, replicas: 3, readyReplicas: 3, updatedReplicas: 3 };
    expect(statesIn(deployment(settled))).to.deep.equal([{ name: "api-service", desired: 3, ready: 3, settled: true }]);
    for (const not of [{ observedGeneration: 3 }, { replicas: 4 }, { updatedReplicas: 2 }]) {
      expect(statesIn(deployment({ ...settled, ...not }))[0]?.settled).to.equal(false);
    }
    expect(statesIn(deployment({}))[0]?.ready).to.equal(0);
    expect(() => statesIn({ kind: "Status" })).to.throw("something else than a list of Deployments");
  });

  it("counts a group that has committed nothing from the oldest message", () => {
    const ends = [
      { partition: 0, high: "100", low: "40" },
      { partition: 1, high: "50", low: "0" },
    ];
    expect(
      lagBetween(ends, [
        { partition: 0, offset: "90" },
        { partition: 1, offset: "-1" },
      ]),
    ).to.equal(60);
    expect(lagBetween(ends, [])).to.equal(110);
  });
});
