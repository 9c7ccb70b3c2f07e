import { expect } from "chai";
import type { EcsUnit } from "../../../targets/ecs/forms.ts";
import { read } from "../../../targets/ecs/read.ts";

/** The least that ECS takes, so that everything else is the API's default. */
const bare: EcsUnit = {
  taskDefinition: {
    family: "x",
    requiresCompatibilities: ["FARGATE"],
    cpu: "512",
    memory: "1024",
    containerDefinitions: [
      { name: "x", image: "x:1", healthCheck: { command: ["CMD-SHELL", "curl -f http://localhost:80/h || exit 1"] } },
    ],
  },
  service: { serviceName: "x-service", taskDefinition: "x" },
  role: { assumedBy: "ecs-tasks.amazonaws.com", taskStatements: [], executionStatements: [] },
  securityGroup: { groupName: "x", description: "x", ingress: [], egress: [] },
};

/** `bare` with its one container changed. */
function withContainer(container: NonNullable<EcsUnit["taskDefinition"]["containerDefinitions"]>[number]): EcsUnit {
  const [first] = bare.taskDefinition.containerDefinitions ?? [];
  return { ...bare, taskDefinition: { ...bare.taskDefinition, containerDefinitions: [{ ...first, ...container }] } };
}

describe("ECS read", () => {
  it("fills in what the API would: AWS documentation's defaults", () => {
    const behaviour = read(bare);
    expect(behaviour.liveness).to.deep.equal({ path: "/h", port: 80, interval: 30, timeout: 5, failures: 3 });
    expect(behaviour).to.include({
      stopTimeout: 30,
      startGrace: 0,
      ephemeral: 20,
      initialCount: 0,
      user: 0,
      readOnlyRoot: false,
    });
    expect(behaviour.capabilities).to.deep.equal(["default"]);
    expect(
      read({ ...bare, service: { serviceName: "x", taskDefinition: "x", desiredCount: 3 } }).rollout,
    ).to.deep.equal([{ count: 3, atLeast: 3, atMost: 6 }]);
  });

  it("rounds the minimum up and the maximum down", () => {
    const service = {
      ...bare.service,
      serviceName: "x",
      taskDefinition: "x",
      desiredCount: 3,
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 150 },
    };
    expect(read({ ...bare, service }).rollout).to.deep.equal([{ count: 3, atLeast: 2, atMost: 4 }]);
  });

  it("takes a reservation for what is guaranteed and the hard limit for what kills", () => {
    const behaviour = read(withContainer({ memory: 900, memoryReservation: 300 }));
    expect(behaviour).to.include({ memoryGuaranteed: 300, memoryLimit: 900 });
  });

  it("gives a service behind a load balancer the shorter of the two graces", () => {
    const targetGroup = {
      name: "x",
      port: 80,
      protocol: "HTTP",
      targetType: "ip",
      healthCheckPath: "/h",
      healthCheckIntervalSeconds: 10,
      healthCheckTimeoutSeconds: 5,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 3,
      matcher: { httpCode: "200" },
      attributes: [],
      pathPatterns: ["/x"],
    } as const;
    const graced = withContainer({
      healthCheck: { command: ["CMD-SHELL", "curl -f http://localhost:80/h || exit 1"], startPeriod: 90 },
    });
    expect(read({ ...graced, targetGroup }).startGrace).to.equal(0);
    expect(read({ ...graced, targetGroup }).drain).to.equal(300);
    expect(read(graced).startGrace).to.equal(90);
  });

  it("knows a call by what it names, and leaves other URLs alone", () => {
    const environment = [
      { name: "A", value: "http://api-service:3001" },
      { name: "B", value: "https://example.org/x" },
      { name: "C", value: "$(A)" },
    ];
    expect(read(withContainer({ environment })).env).to.deep.equal({
      A: "workload://api-service:3001",
      B: "https://example.org/x",
      C: "$(A)",
    });
  });

  it("refuses a task without a container", () => {
    expect(() => read({ ...bare, taskDefinition: { family: "x", containerDefinitions: [] } })).to.throw(
      TypeError,
      /container/,
    );
  });
});
