import { expect } from "chai";
import fc from "fast-check";
import { validate } from "../../../platform/model/validate.ts";
import type { Model, Workload } from "../../../platform/model/types.ts";
import { devModel, prod, withWorkload, workload } from "../../support/stacks.ts";
import { cryptotracker } from "../../../platform/cryptotracker.ts";

const api = workload("api-service", "service");
const preprocessing = workload("preprocessing-service", "worker");
const training = workload("model-training", "job");

function found(model: Model): string[] {
  return validate(model).map(({ code, path }) => `${path} ${code}`);
}

describe("validate", () => {
  it("accepts the catalogue of every stack", () => {
    expect(found(devModel)).to.deep.equal([]);
    expect(found(cryptotracker(prod))).to.deep.equal([]);
  });

  const cases: readonly [what: string, model: Model, expected: string][] = [
    ["a name that is no DNS label", rename("Api_Service"), "services.Api_Service.name name-not-a-dns-label"],
    ["a name over 63 characters", rename("a".repeat(64)), `services.${"a".repeat(64)}.name name-not-a-dns-label`],
    [
      "a name used twice",
      { ...devModel, workloads: [...devModel.workloads, api] },
      "services.api-service.name duplicate",
    ],
    ["a slug used twice", withWorkload({ ...api, slug: "auth" }), "services.auth.slug duplicate"],
    [
      "a slug too long for a target group",
      withWorkload({ ...api, slug: "a".repeat(15) }),
      "services.api-service.slug slug-too-long",
    ],
    [
      "a probe's port that does not exist",
      withWorkload({ ...api, probes: { ...api.probes, port: 70_000 } }),
      "services.api-service.probes.port port",
    ],
    [
      "no CPU",
      withWorkload({ ...api, compute: { ...api.compute, cpu: 0 } }),
      "services.api-service.compute.cpu out-of-range",
    ],
    [
      "negative memory",
      withWorkload({ ...api, compute: { ...api.compute, memory: -1 } }),
      "services.api-service.compute.memory out-of-range",
    ],
    [
      "memory that is no number",
      withWorkload({ ...api, compute: { ...api.compute, memory: NaN } }),
      "services.api-service.compute.memory out-of-range",
    ],
    [
      "min above desired",
      withWorkload({ ...api, scaling: { ...api.scaling, min: 4 } }),
      "services.api-service.scaling scaling-range",
    ],
    [
      "desired above max",
      withWorkload({ ...api, scaling: { ...api.scaling, max: 2 } }),
      "services.api-service.scaling scaling-range",
    ],
    [
      "half a replica",
      withWorkload({ ...api, scaling: { ...api.scaling, desired: 2.5 } }),
      "services.api-service.scaling scaling-range",
    ],
    [
      "a target over 100 %",
      withWorkload({ ...api, scaling: { ...api.scaling, on: [{ cpu: 101 }] } }),
      "services.api-service.scaling.on.0 scaling-target",
    ],
    [
      "a probe that overtakes itself",
      withWorkload({ ...api, probes: { ...api.probes, live: { ...api.probes.live, timeout: 30 } } }),
      "services.api-service.probes.live.timeout probe-timeout",
    ],
    [
      "a port out of range",
      withWorkload({ ...api, port: { ...api.port, number: 70000 } }),
      "services.api-service.port.number port",
    ],
    [
      "a rollout that cannot move",
      withWorkload({ ...api, rollout: { strategy: "surge", minHealthy: 100, max: 100 } }),
      "services.api-service.rollout rollout-stuck",
    ],
    [
      "a rollout outside its range",
      withWorkload({ ...api, rollout: { strategy: "surge", minHealthy: -1, max: 300 } }),
      "services.api-service.rollout rollout-range",
    ],
    [
      "a rollout that is stuck at one count only",
      withWorkload({
        ...api,
        scaling: { ...api.scaling, min: 1 },
        rollout: { strategy: "surge", minHealthy: 100, max: 150 },
      }),
      "services.api-service.rollout rollout-stuck",
    ],
    [
      "a port of another service",
      withWorkload({ ...api, port: { ...api.port, number: 3002 } }),
      "services.websocket-service.port.number port-taken",
    ],
    [
      "a route of another service",
      withWorkload({ ...api, route: { paths: ["/ws"] } }),
      "services.websocket-service.route.paths route-taken",
    ],
    [
      "a route without a slash",
      withWorkload({ ...api, route: { paths: ["api"] } }),
      "services.api-service.route.paths route-path",
    ],
    [
      "a binding to nothing",
      withWorkload({ ...api, uses: [{ as: "X", to: { kind: "postgres", name: "nowhere" }, access: "read" }] }),
      "services.api-service.uses.0.to unknown-reference",
    ],
    [
      "a lag metric of no topic",
      withWorkload({
        ...preprocessing,
        scaling: {
          min: 1,
          desired: 1,
          max: 2,
          out: 60,
          in: 300,
          on: [{ lag: { kind: "topic", name: "no" }, group: "g", perReplica: 1 }],
        },
      }),
      "services.preprocessing-service.scaling.on.0 unknown-reference",
    ],
    [
      "a checkpoint in no bucket",
      withWorkload({ ...training, checkpoint: { kind: "bucket", name: "no" } }),
      "services.model-training.checkpoint unknown-reference",
    ],
    [
      "spot for what must not stop",
      withWorkload({ ...api, compute: { ...api.compute, purchase: "spot" } }),
      "services.api-service.compute.purchase spot-not-interruptible",
    ],
    [
      "six cron fields",
      withWorkload({ ...training, trigger: { schedule: "0 3 * * ? *" } }),
      "services.model-training.trigger.schedule schedule",
    ],
    [
      "an env name in lower case",
      withWorkload({ ...api, env: { nodeEnv: "x" } }),
      "services.api-service.env.nodeEnv env-name",
    ],
    [
      "an env name that a binding sets",
      withWorkload({ ...api, env: { DATABASE_URL: "x" } }),
      "services.api-service.env.DATABASE_URL env-clash",
    ],
    [
      "an env name that the port sets",
      withWorkload({ ...api, env: { PORT: "1" } }),
      "services.api-service.env.PORT env-clash",
    ],
    [
      "a password in env",
      withWorkload({ ...api, env: { ADMIN_PASSWORD: "hunter2" } }),
      "services.api-service.env.ADMIN_PASSWORD secret-in-env",
    ],
    [
      "a URL with a password in env",
      withWorkload({ ...api, env: { UPSTREAM: "https://me:pw@host/x" } }),
      "services.api-service.env.UPSTREAM secret-in-env",
    ],
    [
      "an access key in env",
      withWorkload({ ...api, env: { SETTING: "AKIAABCDEFGHIJKLMNOP" } }),
      "services.api-service.env.SETTING secret-in-env",
    ],
  ];
  for (const [what, model, expected] of cases) {
    it(`refuses ${what}`, () => expect(found(model)).to.include(expected));
  }

  it("does not take a pointer for a secret", () => {
    const env = {
      TOKEN_URL: "https://issuer/token",
      SECRET_NAME: "jwt-signing",
      TOKEN_SECONDS: "60",
      KEYBOARD: "qwerty",
    };
    expect(found(withWorkload({ ...api, env }))).to.deep.equal([]);
  });

  it("never repeats what looks like a secret", () => {
    const problems = validate(withWorkload({ ...api, env: { ADMIN_PASSWORD: "hunter2" } }));
    expect(JSON.stringify(problems)).to.not.include("hunter2");
  });

  it("names a circle of calls once, with its way", () => {
    const problems = validate(circle(3));
    expect(problems.map(({ code, found }) => [code, found])).to.deep.equal([
      ["dependency-cycle", "service-0 → service-1 → service-2 → service-0"],
    ]);
  });

  it("follows a chain of a thousand calls", () => {
    const chain = circle(1000);
    const open = {
      ...chain,
      workloads: chain.workloads.map((each, index) => (index === 999 ? { ...each, uses: [] } : each)),
    };
    expect(validate(open)).to.deep.equal([]);
    expect(validate(chain)).to.have.length(1);
  });

  it("returns every problem at once, each with a path, what was found and what is allowed", () => {
    fc.assert(
      fc.property(fc.subarray([...cases], { minLength: 1 }), (chosen) => {
        // Each case breaks one workload; broken copies under other names must not hide one another.
        const broken = chosen.flatMap(([, model]) =>
          model.workloads.filter((each) => !devModel.workloads.includes(each)),
        );
        const problems = validate({ ...devModel, workloads: [...devModel.workloads, ...broken] });
        const alone = new Set(broken.flatMap((each) => validate(withWorkload(each)).map(({ code }) => code)));
        for (const code of alone) expect(problems.map((problem) => problem.code)).to.include(code);
        for (const { path, found, allowed } of problems) {
          expect(path).to.match(/^[a-z]+\./);
          expect(found).to.not.equal("");
          expect(allowed).to.not.equal("");
        }
      }),
      { numRuns: 50 },
    );
  });

  it("finds nothing in any size, count and probe that is in range", () => {
    const service = fc.record({
      cpu: fc.integer({ min: 1, max: 200_000 }),
      memory: fc.integer({ min: 1, max: 2_000_000 }),
      counts: fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat(50), fc.nat(50)),
      interval: fc.integer({ min: 2, max: 300 }),
      timeout: fc.double({ min: 0.1, max: 1.9, noNaN: true }),
    });
    fc.assert(
      fc.property(service, ({ cpu, memory, counts: [min, more, most], interval, timeout }) => {
        const live = { ...api.probes.live, interval, timeout };
        const scaling = { ...api.scaling, min, desired: min + more, max: min + more + most };
        const changed = { ...api, compute: { ...api.compute, cpu, memory }, scaling, probes: { ...api.probes, live } };
        expect(found(withWorkload(changed))).to.deep.equal([]);
      }),
    );
  });
});

function rename(name: string): Model {
  return { ...devModel, workloads: devModel.workloads.map((each) => (each === api ? { ...api, name } : each)) };
}

/** Services that call the next, and the last the first. */
function circle(size: number): Model {
  const workloads = Array.from({ length: size }, (_, index): Workload => {
    const next = (index + 1) % size;
    return {
      ...api,
      name: `service-${index}`,
      slug: `s-${index}`,
      port: { ...api.port, number: 10_000 + index },
      route: { paths: [`/s-${index}`] },
      uses: [{ as: "NEXT", to: { kind: "service", name: `service-${next}` }, access: "call" }],
    };
  });
  return { ...devModel, workloads };
}
