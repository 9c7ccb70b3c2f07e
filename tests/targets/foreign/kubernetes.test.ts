import { expect } from "chai";
import { deployed, deployment, notesIn, problemsIn, readingsIn, seen } from "./support.ts";

const MEBI = 2 ** 20;

describe("quantities", () => {
  const memory: readonly [notation: string | number, mebibytes: number][] = [
    ["512Mi", 512],
    ["1Gi", 1024],
    ["0.5Gi", 512],
    ["1G", 1e9 / MEBI],
    ["1e9", 1e9 / MEBI],
    ["1E9", 1e9 / MEBI],
    [128974848, 123],
    ["128974848", 123],
    ["129e6", 129e6 / MEBI],
    ["129M", 129e6 / MEBI],
    ["128974848000m", 123],
    ["524288Ki", 512],
    ["1Ti", 2 ** 20],
    ["2E", 2e18 / MEBI],
    ["2Ei", 2 * 2 ** 40],
    ["+1Gi", 1024],
  ];
  for (const [notation, mebibytes] of memory) {
    it(`${JSON.stringify(notation)} of memory is ${mebibytes} MiB`, () => {
      expect(seen(deployed({ resources: { limits: { memory: notation } } }), "memoryLimit")).to.equal(mebibytes);
    });
  }

  const cpu: readonly [notation: string | number, cores: number][] = [
    ["100m", 0.1],
    ["0.5", 0.5],
    [".5", 0.5],
    ["2.", 2],
    [0.25, 0.25],
    [1, 1],
    ["500000u", 0.5],
    ["1e-1", 0.1],
    ["1k", 1000],
  ];
  for (const [notation, cores] of cpu) {
    it(`${JSON.stringify(notation)} of CPU is ${cores}`, () => {
      expect(seen(deployed({ resources: { requests: { cpu: notation } } }), "cpu")).to.be.closeTo(cores, 1e-12);
    });
  }

  for (const notation of ["1e3m", "1 Gi", "1gi", "-1", "1GiB", "", "lots", "1..5", "0x10", "1,5"]) {
    it(`${JSON.stringify(notation)} is refused`, () => {
      const problems = problemsIn(JSON.stringify(deployment({ resources: { requests: { cpu: notation } } })));
      expect(problems.map(({ code, path }) => `${code} ${path}`)).to.deep.equal([
        "foreign-value file, Deployment app: spec.template.spec.containers[0].resources.requests.cpu",
      ]);
    });
  }

  it("counts a limit alone as asked for, and nothing at all as nothing", () => {
    const limited = deployed({ resources: { limits: { cpu: "250m", memory: "64Mi" } } });
    expect([seen(limited, "cpu"), seen(limited, "memoryGuaranteed")]).to.deep.equal([0.25, 64]);
    const bare = deployed({});
    expect(["cpu", "cpuCap", "memoryGuaranteed", "memoryLimit"].map((field) => seen(bare, field))).to.deep.equal([
      0,
      null,
      0,
      Infinity,
    ]);
  });
});

describe("a pod's environment", () => {
  const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { A: "1", B: "2" } };
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "keys" }, data: { TOKEN: "bmV2ZXItcHJpbnQ=" } };
  const external = {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: "keys" },
    spec: {
      secretStoreRef: { name: "aws" },
      data: [{ secretKey: "TOKEN", remoteRef: { key: "prod/token", property: "value" } }],
    },
  };
  const list = (...items: readonly object[]) =>
    readingsIn(JSON.stringify({ apiVersion: "v1", kind: "List", items }))[0];

  it("comes from ConfigMaps and Secrets, single variables over whole sources, later ones over earlier", () => {
    const app = deployment({
      envFrom: [
        { configMapRef: { name: "settings" }, prefix: "P_" },
        { configMapRef: { name: "settings" } },
        { secretRef: { name: "keys" } },
      ],
      env: [
        { name: "B", value: "3" },
        { name: "C", valueFrom: { configMapKeyRef: { name: "settings", key: "A" } } },
        { name: "D", value: "$(A)-$(B)-$$(A)-$(NOWHERE)" },
      ],
    });
    const reading = list(config, secret, app);
    if (!reading) throw new Error("There is one");
    expect(seen(reading, "env")).to.deep.equal({
      P_A: "1",
      P_B: "2",
      A: "1",
      B: "3",
      C: "1",
      D: "1-3-$(A)-$(NOWHERE)",
    });
    expect(seen(reading, "secrets")).to.deep.equal({ TOKEN: { secret: "keys", key: "TOKEN" } });
    expect(reading.main.moreEnv).to.equal(null);
    expect(JSON.stringify(reading)).to.not.include("bmV2ZXItcHJpbnQ");
  });

  it("says whose copy a secret is where External Secrets does", () => {
    const app = deployment({ env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "keys", key: "TOKEN" } } }] });
    const reading = list(external, app);
    expect(reading && seen(reading, "secrets")).to.deep.equal({ TOKEN: { secret: "prod/token", key: "value" } });
  });

  it("is open where a source is in no file, and where a value is made of a secret", () => {
    const reading = deployed({
      envFrom: [{ secretRef: { name: "absent" } }],
      env: [
        { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
        { name: "URL", value: "postgres://app:$(PASSWORD)@db/app" },
        { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
      ],
    });
    expect(reading.main.moreEnv).to.match(/all of Secret absent/);
    expect([...reading.main.elsewhere.keys()]).to.deep.equal(["URL", "CPU"]);
    expect(seen(reading, "env")).to.deep.equal({});
  });
});

describe("a pod's probes and its end", () => {
  const get = { httpGet: { path: "/h", port: "web" } };
  const ports = [{ name: "web", containerPort: 8081 }];

  it("has the kubelet's defaults", () => {
    const reading = deployed({ ports, livenessProbe: { ...get, initialDelaySeconds: 7 } });
    expect(seen(reading, "liveness")).to.deep.equal({ path: "/h", port: 8081, interval: 10, timeout: 1, failures: 3 });
    expect(seen(reading, "startGrace")).to.equal(7);
    expect([seen(reading, "readiness"), seen(reading, "drain"), seen(reading, "stopTimeout")]).to.deep.equal([
      null,
      0,
      30,
    ]);
  });

  it("can not be told in our terms where it is no HTTP", () => {
    for (const how of [{ exec: { command: ["true"] } }, { tcpSocket: { port: 1 } }, { grpc: { port: 1 } }])
      expect(seen(deployed({ readinessProbe: how }), "readiness")).to.match(
        /^untold: it is probed by (exec|tcpSocket|grpc)/,
      );
  });

  const waits: readonly [preStop: object, drain: unknown][] = [
    [{ sleep: { seconds: 5 } }, 5],
    [{ exec: { command: ["sleep", "15"] } }, 15],
    [{ exec: { command: ["/bin/sh", "-c", "sleep 20"] } }, 20],
    [{ exec: { command: ["/app/drain.sh"] } }, "untold: a program runs before it is told to stop"],
    [{ httpGet: { path: "/drain", port: 80 } }, "untold: a program runs before it is told to stop"],
  ];
  for (const [preStop, drain] of waits) {
    it(`drains by ${JSON.stringify(preStop)}`, () => {
      expect(seen(deployed({ lifecycle: { preStop } }), "drain")).to.equal(drain);
    });
  }
});

describe("a cluster's objects", () => {
  const scaler = (apiVersion: string, spec: object) => ({
    apiVersion,
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "app" },
    spec: { scaleTargetRef: { kind: "Deployment", name: "app" }, maxReplicas: 5, ...spec },
  });
  const scalings: readonly [string, object, object][] = [
    ["autoscaling/v1", { targetCPUUtilizationPercentage: 55 }, { cpu: 55 }],
    [
      "autoscaling/v2beta1",
      { metrics: [{ type: "Resource", resource: { name: "memory", targetAverageUtilization: 70 } }] },
      { memory: 70 },
    ],
    ["autoscaling/v2", {}, { cpu: 80 }],
    [
      "autoscaling/v2",
      {
        metrics: [
          {
            type: "External",
            external: { metric: { name: "queue" }, target: { type: "AverageValue", averageValue: "30" } },
          },
        ],
      },
      { queue: 30 },
    ],
  ];
  for (const [version, spec, targets] of scalings) {
    it(`scale by ${version} ${JSON.stringify(spec)}`, () => {
      const items = [deployment({}), scaler(version, spec)];
      const [reading] = readingsIn(JSON.stringify({ apiVersion: "v1", kind: "List", items }));
      expect(reading && seen(reading, "scaling")).to.deep.equal({
        min: 1,
        max: 5,
        targets,
        outCooldown: 15,
        inCooldown: 300,
      });
    });
  }

  it("are a typed list's items without their kind", () => {
    const { spec, metadata } = deployment({}) as { readonly spec: object; readonly metadata: object };
    const text = JSON.stringify({
      apiVersion: "apps/v1",
      kind: "DeploymentList",
      metadata: {},
      items: [{ spec, metadata }],
    });
    expect(readingsIn(text).map(({ name }) => name)).to.deep.equal(["app"]);
  });

  it("that are of no kind we know are reported, and those of others are set aside", () => {
    const items = [
      deployment({}),
      { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name: "r" }, spec: {} },
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } },
    ];
    const notes = notesIn(JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    expect(notes.filter(({ kind }) => kind === "unknown").map(({ where }) => where)).to.deep.equal(["file, Rollout r"]);
    expect(notes.filter(({ kind }) => kind === "setAside").map(({ where }) => where)).to.include("file, Namespace n");
  });
});
