import { expect } from "chai";
import { problemsIn, readingsIn, seen } from "./support.ts";

/** A registered task definition of one container, with these beside what it must have. */
function task(container: object, more: object = {}): object {
  return { family: "app", containerDefinitions: [{ name: "app", image: "app:1", ...container }], ...more };
}

function read(container: object, more: object = {}) {
  const [reading] = readingsIn(JSON.stringify(task(container, more)));
  if (!reading) throw new Error("There is one task definition");
  return reading;
}

describe("a task definition", () => {
  const sizes: readonly [cpu: string, memory: string, vcpu: number, mebibytes: number][] = [
    ["256", "512", 0.25, 512],
    [".25 vCPU", "0.5 GB", 0.25, 512],
    ["1 vcpu", "2GB", 1, 2048],
    ["4 vCPU", "30 gb", 4, 30_720],
  ];
  for (const [cpu, memory, vcpu, mebibytes] of sizes) {
    it(`of ${cpu} and ${memory} has ${vcpu} vCPU and ${mebibytes} MiB`, () => {
      const reading = read({}, { cpu, memory, requiresCompatibilities: ["FARGATE"] });
      expect(["cpu", "cpuCap", "memoryLimit", "memoryGuaranteed"].map((field) => seen(reading, field))).to.deep.equal([
        vcpu,
        vcpu,
        mebibytes,
        mebibytes,
      ]);
    });
  }

  it("with another size is refused", () => {
    const problems = problemsIn(JSON.stringify(task({}, { cpu: "a lot", memory: "1TB" })));
    expect(problems.map(({ path }) => path)).to.deep.equal([
      "file, task definition app: cpu",
      "file, task definition app: memory",
    ]);
  });

  it("leaves its main container what its neighbours do not take", () => {
    const containerDefinitions = [
      { name: "proxy", image: "p", cpu: 128, memoryReservation: 100, essential: true },
      { name: "app", image: "a", portMappings: [{ containerPort: 80 }] },
    ];
    const [reading] = readingsIn(JSON.stringify({ family: "app", cpu: "512", memory: "1024", containerDefinitions }));
    expect(reading?.main.name).to.equal("app");
    expect(
      reading && ["cpu", "cpuCap", "memoryGuaranteed", "memoryLimit"].map((field) => seen(reading, field)),
    ).to.deep.equal([0.375, 0.5, 924, 1024]);
    expect(reading?.companions.map(({ name, role }) => [name, role])).to.deep.equal([["proxy", "sidecar"]]);
  });

  it("tells what its containers are to each other", () => {
    const containerDefinitions = [
      { name: "first", image: "i", essential: false },
      { name: "after", image: "i", essential: false },
      { name: "app", image: "i", dependsOn: [{ containerName: "first", condition: "COMPLETE" }] },
    ];
    const [reading] = readingsIn(JSON.stringify({ family: "app", containerDefinitions }));
    expect(reading?.companions.map(({ name, role }) => [name, role])).to.deep.equal([
      ["first", "init"],
      ["after", "helper"],
    ]);
  });

  const checks: readonly [command: readonly string[], asks: unknown][] = [
    [["CMD-SHELL", "curl -f http://localhost:3001/health || exit 1"], { path: "/health", port: 3001 }],
    [["CMD", "curl", "--fail", "-s", "http://127.0.0.1/up"], { path: "/up", port: 80 }],
    [["CMD-SHELL", "wget -qO- localhost:8080 >/dev/null"], { path: "/", port: 8080 }],
    [["CMD-SHELL", "curl -k https://localhost/live"], { path: "/live", port: 443 }],
    [["NONE"], null],
    [["CMD-SHELL", "pg_isready"], "untold"],
    [["CMD-SHELL", "curl -f http://example.com/"], "untold"],
  ];
  for (const [command, asks] of checks) {
    it(`is checked by ${command.join(" ")}`, () => {
      const found = seen(read({ healthCheck: { command } }), "liveness");
      if (asks === "untold") expect(found).to.match(/^untold/);
      else if (asks === null) expect(found).to.equal(null);
      // The API's own 30 s, 5 s and three failures.
      else expect(found).to.deep.equal({ ...asks, interval: 30, timeout: 5, failures: 3 });
    });
  }

  const secrets: readonly [valueFrom: string, secret: object][] = [
    ["arn:aws:secretsmanager:eu-west-1:1:secret:prod/db-AbCdEf", { secret: "prod/db", key: "" }],
    ["arn:aws-cn:secretsmanager:cn-north-1:1:secret:db-AbCdEf:password::", { secret: "db", key: "password" }],
    ["arn:aws:ssm:eu-west-1:1:parameter/prod/db", { secret: "/prod/db", key: "" }],
    ["/prod/db", { secret: "/prod/db", key: "" }],
  ];
  for (const [valueFrom, secret] of secrets) {
    it(`reads ${valueFrom} by name`, () => {
      expect(seen(read({ secrets: [{ name: "X", valueFrom }] }), "secrets")).to.deep.equal({ X: secret });
    });
  }

  it("by itself does not say how it is run", () => {
    const reading = read({});
    for (const field of ["kind", "scaling", "rollout", "initialCount", "job"])
      expect(seen(reading, field)).to.match(/^untold/);
  });

  it("may have variables in files that are elsewhere", () => {
    const reading = read({ environmentFiles: [{ type: "s3", value: "arn:aws:s3:::bucket/app.env" }] });
    expect(reading.main.moreEnv).to.match(/1 file/);
  });
});

describe("a service", () => {
  const service = (more: object) => ({ serviceName: "app", taskDefinition: "app", desiredCount: 2, ...more });
  const readService = (more: object, definition: object = task({})) => {
    const [reading] = readingsIn(
      [definition, { services: [service(more)] }].map((each) => JSON.stringify(each)).join("\n---\n"),
    );
    if (!reading) throw new Error("There is one service");
    return reading;
  };

  it("has the API's defaults, and says what no file tells", () => {
    const reading = readService({});
    expect(seen(reading, "rollout")).to.deep.equal([{ count: 2, atLeast: 2, atMost: 4 }]);
    expect(seen(reading, "rollsBack")).to.equal(false);
    expect(seen(reading, "scaling")).to.match(/^untold: no file has its scalable target/);
  });

  const bought: readonly [more: object, pool: unknown, purchase: unknown][] = [
    [{ launchType: "FARGATE" }, "general", "onDemand"],
    [{ capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }] }, "general", "spot"],
    [{ capacityProviderStrategy: [{ capacityProvider: "my-gpu-spot" }] }, "gpu", "spot"],
  ];
  for (const [more, pool, purchase] of bought) {
    it(`runs on ${JSON.stringify(more)}`, () => {
      const reading = readService(more);
      expect([seen(reading, "pool"), seen(reading, "purchase")]).to.deep.equal([pool, purchase]);
    });
  }

  it("that is bought both ways says so", () => {
    const both = ["FARGATE", "FARGATE_SPOT"].map((capacityProvider) => ({ capacityProvider, weight: 1, base: 1 }));
    expect(seen(readService({ capacityProviderStrategy: both }), "purchase")).to.match(
      /^untold: it is bought both ways/,
    );
  });

  it("that somebody else deploys has no rollout of its own", () => {
    const reading = readService({ deploymentController: { type: "CODE_DEPLOY" } });
    expect(seen(reading, "rollout")).to.equal("untold: deployments by CODE_DEPLOY");
  });

  it("is reached by what Service Connect's clients dial, as describe-services prints it", () => {
    const callee = {
      family: "auth",
      containerDefinitions: [{ name: "a", image: "a", portMappings: [{ containerPort: 3003, name: "web" }] }],
    };
    const services = [{ portName: "web", clientAliases: [{ dnsName: "auth.internal", port: 80 }] }];
    const deployments = [{ serviceConnectConfiguration: { enabled: true, services } }];
    const text = [
      task({ environment: [{ name: "AUTH_URL", value: "http://auth.internal" }] }),
      callee,
      {
        services: [service({}), { serviceName: "auth-service", taskDefinition: "auth", desiredCount: 1, deployments }],
      },
    ].map((each) => JSON.stringify(each));
    const caller = readingsIn(text.join("\n---\n")).find(({ name }) => name === "app");
    expect(caller && seen(caller, "env")).to.deep.equal({ AUTH_URL: "workload://auth-service:3003" });
  });

  it("whose task definition is in no file says which command prints it", () => {
    const [problem] = problemsIn(
      JSON.stringify({ services: [service({ taskDefinition: "arn:aws:ecs:e:1:task-definition/shop:7" })] }),
    );
    expect(problem).to.include({ code: "foreign-task-missing" });
    expect(problem?.allowed).to.include("describe-task-definition --task-definition shop");
  });
});
