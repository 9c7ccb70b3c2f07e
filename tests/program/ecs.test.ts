/** The ECS side of the program: what became of each compiled unit. */
import { expect } from "chai";
import { compileStack } from "../../targets/stack.ts";
import { unmarked } from "./support/marks.ts";
import { ofType, one, runProgram } from "./support/run.ts";
import type { Registered, Run } from "./support/types.ts";

const SERVICE = "ecs/service:Service";
const TASK = "ecs/taskDefinition:TaskDefinition";
const RULE = "lb/listenerRule:ListenerRule";

interface Container {
  readonly environment: readonly { name: string; value: string }[];
  readonly secrets: readonly { name: string; valueFrom: string }[];
  readonly portMappings: readonly { containerPort: number }[];
}

function container({ inputs }: Registered): Container {
  const [first] = JSON.parse(String(inputs["containerDefinitions"])) as Container[];
  if (!first) throw new Error("No container.");
  return first;
}

describe("the program's ECS side", () => {
  let run: Run;
  before(async () => {
    run = await runProgram("dev", { config: { "cryptotracker:target": "ecs" } });
  });

  it("has a task definition, two roles, a group and a log group for every compiled unit", () => {
    const compiled = compileStack(".", "dev", ["ecs"]);
    if (!compiled.ok) throw new Error("dev does not compile");
    const names = Object.keys(compiled.value.forms[0]?.units ?? {});
    expect(names).to.have.length.greaterThan(9);
    for (const name of names) {
      one(run, TASK, name);
      one(run, "iam/role:Role", `${name}-task`);
      one(run, "iam/role:Role", `${name}-execution`);
      one(run, "ec2/securityGroup:SecurityGroup", name);
      one(run, "cloudwatch/logGroup:LogGroup", name);
    }
    const services = Object.entries(compiled.value.forms[0]?.units ?? {}).filter(([, unit]) => hasService(unit));
    expect(ofType(run, SERVICE).map(({ name }) => name)).to.have.members(services.map(([name]) => name));
  });

  it("runs the seed's API on the seed's figures", () => {
    const { inputs } = one(run, TASK, "api-service");
    expect(inputs).to.include({ family: "cryptotracker-api", cpu: "1024", memory: "2048", networkMode: "awsvpc" });
    expect(container(one(run, TASK, "api-service")).portMappings[0]?.containerPort).to.equal(3001);
    expect(one(run, SERVICE, "api-service").inputs).to.include({ desiredCount: 3, waitForSteadyState: true });
    const target = one(run, "appautoscaling/target:Target", "api-service").inputs;
    expect(target).to.include({ minCapacity: 2, maxCapacity: 20, resourceId: "service/cryptotracker/api-service" });
  });

  it("hands out secrets by ARN only", () => {
    for (const definition of ofType(run, TASK)) {
      for (const { valueFrom } of container(definition).secrets) {
        expect(valueFrom).to.match(/^arn:aws:secretsmanager:[^:]+:\d{12}:secret:cryptotracker\/dev\/[^:]+:[a-z]+::$/);
      }
    }
    expect(container(one(run, TASK, "api-service")).secrets.map(({ name }) => name)).to.deep.equal([
      "DATABASE_URL",
      "REDIS_URL",
    ]);
  });

  it("tells consumers where the brokers are", () => {
    const environment = container(one(run, TASK, "websocket-service")).environment;
    expect(environment).to.deep.include({
      name: "KAFKA_BROKERS",
      value: "b-1.kafka.internal:9098,b-2.kafka.internal:9098",
    });
  });

  it("leaves the count to autoscaling after creation", () => {
    for (const service of ofType(run, SERVICE)) expect(service.ignoreChanges).to.deep.equal(["desiredCount"]);
  });

  it("starts a service after the rule that makes its target group known, its policies and the migrations", () => {
    const { dependsOn } = one(run, SERVICE, "api-service");
    const trial = one(run, RULE, "trial-ecs-api-service-api-*");
    expect(dependsOn).to.include.members([
      trial.urn,
      one(run, "iam/rolePolicy:RolePolicy", "api-service-execution").urn,
      one(run, "lambda/invocation:Invocation", "migrations").urn,
      one(run, "ecs/clusterCapacityProviders:ClusterCapacityProviders", "cryptotracker").urn,
    ]);
  });

  it("starts no task before it could fetch its image, its secrets and its topics", () => {
    const { dependsOn } = one(run, SERVICE, "api-service");
    expect(dependsOn).to.include(one(run, "ec2/vpcEndpoint:VpcEndpoint", "ecr-dkr").urn);
    expect(dependsOn).to.include(run.resources.find(({ type }) => type === "awsx:ec2:Vpc")?.urn);
    const secret = one(run, "secretsmanager/secretVersion:SecretVersion", "database-url").urn;
    expect(one(run, TASK, "api-service").dependsOn).to.include(secret);
    const permission = one(run, "iam/rolePolicy:RolePolicy", "websocket-service-task");
    expect(permission.dependsOn).to.include(one(run, "msk/topic:Topic", "prices").urn);
    expect(one(run, SERVICE, "websocket-service").dependsOn).to.include(permission.urn);
  });

  it("starts a callee before its callers", () => {
    const callee = one(run, SERVICE, "ml-inference-service").urn;
    expect(one(run, SERVICE, "sentiment-processor").dependsOn).to.include(callee);
  });

  it("routes users only once every service is steady", () => {
    const services = ofType(run, SERVICE).map(({ urn }) => urn);
    const defaults = ofType(run, RULE).filter(({ name }) => name.startsWith("default-"));
    expect(defaults.map(({ inputs }) => JSON.stringify(inputs["conditions"])).join()).to.contain("/api/*");
    for (const rule of defaults) expect(rule.dependsOn).to.include.members(services);
  });

  it("tries one side by a secret header, before every default rule", () => {
    const priorities = (band: string) =>
      ofType(run, RULE)
        .filter(({ name }) => name.startsWith(band))
        .map(({ inputs }) => Number(inputs["priority"]));
    expect(Math.max(...priorities("trial-"))).to.be.lessThan(Math.min(...priorities("default-")));
    const conditions = JSON.stringify(unmarked(one(run, RULE, "trial-ecs-api-service-api-*").inputs["conditions"]));
    expect(conditions).to.match(/"httpHeaderName":"x-cryptotracker-trial","values":\["ecs\.GeneratedSecret\d"\]/);
  });

  it("answers every opening towards a shared group with its counterpart", () => {
    const back = one(run, "vpc/securityGroupIngressRule:SecurityGroupIngressRule", "store-database-api-service-5432");
    expect(back.inputs).to.include({
      securityGroupId: "store-database-id",
      referencedSecurityGroupId: "api-service-id",
    });
    const edge = one(run, "vpc/securityGroupEgressRule:SecurityGroupEgressRule", "edge-api-service-3001");
    expect(edge.inputs).to.include({ securityGroupId: "edge-id", referencedSecurityGroupId: "api-service-id" });
  });

  it("runs the training job on its schedule, on spot capacity", () => {
    const rule = one(run, "cloudwatch/eventRule:EventRule", "model-training").inputs;
    expect(rule["scheduleExpression"]).to.equal("cron(0 3 * * ? *)");
    const target = JSON.stringify(one(run, "cloudwatch/eventTarget:EventTarget", "model-training").inputs);
    expect(target)
      .to.contain("cryptotracker-gpu-a10g-spot")
      .and.contain(":task-definition/cryptotracker-model-training:1");
  });

  it("rolls a rollout back by circuit breaker and by alarms on the side's own target group", () => {
    const { inputs } = one(run, SERVICE, "api-service");
    expect(inputs["deploymentCircuitBreaker"]).to.deep.equal({ enable: true, rollback: true });
    expect(inputs["alarms"]).to.deep.equal({
      enable: true,
      rollback: true,
      alarmNames: ["api-service-5xx", "api-service-connections"],
    });
    const alarm = one(run, "cloudwatch/metricAlarm:MetricAlarm", "api-service-5xx").inputs;
    expect(alarm["dimensions"]).to.have.keys("LoadBalancer", "TargetGroup");
  });

  it("gives no role a resource that it could name", () => {
    for (const { name, inputs } of ofType(run, "iam/rolePolicy:RolePolicy")) {
      const { Statement } = JSON.parse(String(inputs["policy"])) as {
        Statement: { Action: string[]; Resource: string[] }[];
      };
      for (const { Action, Resource } of Statement) {
        if (!Resource.includes("*")) continue;
        if (name === "telemetry-collector-task") for (const action of Action) expect(action).to.match(/^xray:/);
        else expect(Action, name).to.deep.equal(["ecr:GetAuthorizationToken"]);
      }
    }
  });

  it("is phase 1, all on Fargate, where ml is false", async () => {
    const phase1 = await runProgram("dev", { config: { "cryptotracker:ml": false } });
    expect(phase1.error).to.equal(undefined);
    expect(ofType(phase1, "autoscaling/group:Group")).to.deep.equal([]);
    expect(ofType(phase1, "sqs/queue:Queue")).to.deep.equal([]);
    for (const { inputs } of ofType(phase1, TASK)) expect(inputs["requiresCompatibilities"]).to.deep.equal(["FARGATE"]);
  });
});

function hasService(unit: unknown): boolean {
  return typeof unit === "object" && unit !== null && "service" in unit;
}
