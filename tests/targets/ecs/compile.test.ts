import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Workload } from "../../../platform/model/types.ts";
import { fillPlaceholders } from "../../../platform/model/placeholders.ts";
import { compile } from "../../../targets/ecs/compile.ts";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import { expectGolden } from "../../support/golden.ts";
import { dev, devModel, problemsOf, prod, valueOf, withWorkload, workload } from "../../support/stacks.ts";

const GOLDEN = join(import.meta.dirname, "golden");
const { units, shared } = valueOf(compile(devModel, dev));

function unit(name: string) {
  const found = units[name];
  if (!found) throw new Error(`no unit ${name}`);
  return found;
}

function container(name: string) {
  const [found] = unit(name).taskDefinition.containerDefinitions ?? [];
  if (!found) throw new Error(`no container in ${name}`);
  return found;
}

const api = workload("api-service", "service");
const refused = (changed: Workload): string[] =>
  problemsOf(compile(withWorkload(changed), dev)).map(({ code, path }) => `${path} ${code}`);

describe("ECS compile", () => {
  describe("the seed's task definition", () => {
    /** Every value of the seed's must stand in ours at its place; lists hold the seed's entries in its order. */
    const missing = (wanted: unknown, found: unknown, path: string): string[] => {
      if (Array.isArray(wanted)) {
        if (!Array.isArray(found)) return [path];
        const keyed = (each: unknown): unknown =>
          typeof each === "object" && each !== null && "name" in each ? each.name : undefined;
        return wanted.flatMap((each: unknown, index) => {
          const other: unknown =
            keyed(each) === undefined ? found[index] : found.find((one: unknown) => keyed(one) === keyed(each));
          return missing(each, other, `${path}.${index}`);
        });
      }
      if (typeof wanted === "object" && wanted !== null) {
        if (typeof found !== "object" || found === null) return [path];
        const held = new Map<string, unknown>(Object.entries(found));
        return Object.entries(wanted).flatMap(([key, value]) => missing(value, held.get(key), `${path}.${key}`));
      }
      return wanted === found ? [] : [`${path}: ${JSON.stringify(wanted)} is ${JSON.stringify(found)}`];
    };
    const seed: unknown = JSON.parse(readFileSync(join(GOLDEN, "seed-task-definition.json"), "utf8"));
    const ours: unknown = JSON.parse(
      fillPlaceholders(
        JSON.stringify(unit("api-service").taskDefinition),
        ({ name }) => `arn:aws:secretsmanager:region:account:secret:${name}`,
      )
        // The key inside the secret, which our rotation rewrites: the one departure from the seed's text.
        .replaceAll(":url::", ""),
    );

    it("is in ours to the letter", () => expect(missing(seed, ours, "taskDefinition")).to.deep.equal([]));

    it("would be missed by this comparison if a value differed", () => {
      const slip: unknown = JSON.parse(JSON.stringify(ours).replace('"retries":3', '"retries":4'));
      expect(missing(seed, slip, "t")).to.deep.equal(["t.containerDefinitions.0.healthCheck.retries: 3 is 4"]);
    });
  });

  it("has a unit for each workload and nothing else, sorted", () => {
    expect(Object.keys(units)).to.deep.equal(devModel.workloads.map(({ name }) => name).sort());
  });

  it("compiles to the same bytes twice", () => {
    expect(JSON.stringify(valueOf(compile(cryptotracker(dev), dev)))).to.equal(JSON.stringify({ units, shared }));
  });

  for (const { name } of devModel.workloads) {
    it(`keeps ${name} as it was reviewed`, () => expectGolden(join(GOLDEN, `${name}.yaml`), unit(name)));
  }

  it("references secrets by ARN and key, never by value", () => {
    for (const [name, each] of Object.entries(units)) {
      const secrets = each.taskDefinition.containerDefinitions?.[0]?.secrets ?? [];
      for (const { valueFrom } of secrets) expect(valueFrom, name).to.match(/^\$\{secret\.[a-z-]+\.arn\}:[a-z]+::$/);
    }
  });

  it("hardens every container: no root, no privilege, no capability, read-only root, no public address", () => {
    for (const [name, each] of Object.entries(units)) {
      expect(container(name), name).to.include({ user: "10001", privileged: false, readonlyRootFilesystem: true });
      expect(container(name).linuxParameters?.capabilities, name).to.deep.equal({ drop: ["ALL"] });
      const network =
        each.service?.networkConfiguration ??
        each.runTask?.networkConfiguration ??
        each.rule?.targets[0]?.ecsParameters.networkConfiguration;
      expect(network?.awsvpcConfiguration?.assignPublicIp, name).to.equal("DISABLED");
    }
  });

  it("puts the GPU on EC2, with a device and nothing of Fargate's", () => {
    const { taskDefinition, service } = unit("ml-inference-service");
    expect(taskDefinition.requiresCompatibilities).to.deep.equal(["EC2"]);
    expect(taskDefinition).to.not.have.property("ephemeralStorage");
    expect(container("ml-inference-service").resourceRequirements).to.deep.equal([{ type: "GPU", value: "1" }]);
    expect(service?.capacityProviderStrategy).to.deep.equal([
      { capacityProvider: "cryptotracker-gpu-a10g", weight: 1 },
    ]);
    expect(service?.deploymentConfiguration).to.include({ minimumHealthyPercent: 0, maximumPercent: 100 });
    expect(service).to.not.have.property("platformVersion");
  });

  it("buys training on spot by a rule at three in the morning", () => {
    const { rule, service } = unit("model-training");
    expect(service).to.equal(undefined);
    expect(rule?.scheduleExpression).to.equal("cron(0 3 * * ? *)");
    expect(rule?.targets[0]?.ecsParameters.capacityProviderStrategy[0]?.capacityProvider).to.equal(
      "cryptotracker-gpu-a10g-spot",
    );
  });

  it("tracks the seed's targets with the seed's cooldowns", () => {
    const policies = unit("api-service").scaling?.policies.map((each) => each.targetTrackingScalingPolicyConfiguration);
    expect(policies).to.deep.equal([
      {
        targetValue: 70,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
      },
      {
        targetValue: 80,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageMemoryUtilization" },
      },
    ]);
  });

  it("breaks a circuit and rolls back by itself, for every service", () => {
    for (const { service } of Object.values(units)) {
      if (service)
        expect(service.deploymentConfiguration?.deploymentCircuitBreaker).to.deep.equal({
          enable: true,
          rollback: true,
        });
    }
  });

  it("asks a target group's shallow path and gives the container's grace to the load balancer too", () => {
    expect(unit("api-service").targetGroup?.healthCheckPath).to.equal("/health");
    expect(unit("api-service").service?.healthCheckGracePeriodSeconds).to.equal(60);
    expect(container("api-service").healthCheck?.startPeriod).to.equal(60);
  });

  it("opens ports only towards what a binding names", () => {
    const { ingress, egress } = unit("api-service").securityGroup;
    expect(ingress).to.deep.equal([
      { ipProtocol: "tcp", fromPort: 3001, toPort: 3001, referencedSecurityGroupId: "${securityGroup.edge.id}" },
    ]);
    expect(egress.filter(({ cidrIpv4 }) => cidrIpv4 === "0.0.0.0/0")).to.deep.equal([]);
    const ports = egress.map(({ fromPort }) => fromPort).sort((a, b) => a - b);
    // DNS twice, AWS and the images' layers, auth, the collector, the database, the cache.
    expect(ports).to.deep.equal([53, 53, 443, 443, 3003, 4318, 5432, 6379]);
  });

  it("pins images by digest in prod", () => {
    const pinned = valueOf(compile(cryptotracker(prod), prod)).units;
    for (const [name, { taskDefinition }] of Object.entries(pinned)) {
      const repository = name === "telemetry-collector" ? "public\\.ecr\\.aws/aws-observability" : "cryptotracker";
      expect(taskDefinition.containerDefinitions?.[0]?.image).to.match(
        new RegExp(`^${repository}/[a-z-]+@sha256:[0-9a-f]{64}$`),
      );
    }
  });

  describe("refuses", () => {
    it("what no Fargate pair holds, in a sentence with the limits", () => {
      const huge = { ...api, compute: { ...api.compute, cpu: 32 * 1024 } };
      expect(problemsOf(compile(withWorkload(huge), dev))).to.deep.equal([
        {
          code: "fargate-size",
          path: "services.api-service.compute",
          found: "32 vCPU and 2 GB",
          allowed: "16 vCPU and 120 GB are Fargate's most; a larger workload needs an EC2 pool (memory or iops)",
        },
      ]);
    });
    it("a stop timeout over 120 s on Fargate", () =>
      expect(refused({ ...api, shutdown: { drain: 30, stopTimeout: 121 } })).to.deep.equal([
        "services.api-service.shutdown.stopTimeout fargate-stop-timeout",
      ]));
    it("a health interval that ECS does not know", () =>
      expect(refused({ ...api, probes: { ...api.probes, live: { ...api.probes.live, interval: 301 } } })).to.deep.equal(
        ["services.api-service.probes.live.interval ecs-range"],
      ));
    it("a disk that Fargate does not sell", () =>
      expect(refused({ ...api, compute: { ...api.compute, on: { pool: "general", ephemeral: 300 } } })).to.deep.equal([
        "services.api-service.compute.on.ephemeral ecs-range",
      ]));
    it("a schedule on two kinds of day", () =>
      expect(refused({ ...workload("model-training", "job"), trigger: { schedule: "0 3 1 * 1" } })).to.deep.equal([
        "services.model-training.trigger.schedule schedule-two-days",
      ]));
    it("the model's problems and its own together", () =>
      expect(refused({ ...api, compute: { ...api.compute, cpu: 99999, memory: -5 } })).to.have.members([
        "services.api-service.compute.memory out-of-range",
        "services.api-service.compute fargate-size",
      ]));
  });
});
