/** What users reach through the load balancer. */
import type { Workload } from "../model/types.ts";
import type { Settings } from "../settings.ts";
import { AUTH, autoscaling, DATABASE, DOUBLE, general, NODE, probes, REDIS, topic } from "./defaults.ts";

export function publicServices({ edge }: Settings): readonly Workload[] {
  /** A server that closes an idle connection before the load balancer does makes it answer 502. */
  const keepAlive = { KEEP_ALIVE_SECONDS: String(edge.idleTimeout + 10) };
  return [
    {
      kind: "service",
      name: "api-service",
      slug: "api",
      image: { build: "api" },
      compute: general(1024, 2048), // seed
      port: { number: 3001, protocol: "http" }, // seed
      route: { paths: ["/api/*"] },
      env: { ...NODE, ...keepAlive },
      uses: [DATABASE, REDIS, AUTH],
      probes: probes(), // seed: /health, 30, 5, 3
      scaling: autoscaling({ min: 2, desired: 3, max: 20 }, 70), // seed
      rollout: DOUBLE,
      shutdown: { drain: 30, stopTimeout: 30 },
      slo: { availability: 99.9, p99Milliseconds: 500 },
      interruptible: false,
    },
    {
      kind: "service",
      name: "websocket-service",
      slug: "websocket",
      image: { build: "websocket" },
      compute: general(512, 1024), // seed
      port: { number: 3002, protocol: "websocket" },
      route: { paths: ["/ws"] },
      env: { ...NODE, ...keepAlive },
      uses: [
        { as: "PRICES", to: topic("prices"), access: "consume", group: "perReplica" },
        { as: "SENTIMENT", to: topic("sentiment"), access: "consume", group: "perReplica" },
        { as: "ALERTS", to: topic("alerts"), access: "consume", group: "perReplica" },
        AUTH,
      ],
      probes: probes(),
      scaling: autoscaling({ min: 2, desired: 3, max: 15 }, 75), // seed
      // Half a set at a time: each replaced replica sends its clients to reconnect elsewhere.
      rollout: { strategy: "surge", minHealthy: 100, max: 150 },
      shutdown: { drain: 60, stopTimeout: 60 },
      slo: { availability: 99.9, p99Milliseconds: 500 },
      interruptible: false,
    },
    {
      kind: "service",
      name: "auth-service",
      slug: "auth",
      image: { build: "auth" },
      compute: general(512, 1024),
      port: { number: 3003, protocol: "http" },
      route: { paths: ["/auth/*", "/.well-known/jwks.json"] },
      env: { ...NODE, ...keepAlive },
      uses: [DATABASE, REDIS, { as: "JWT_SIGNING", to: { kind: "secret", name: "jwt-signing" }, access: "read" }],
      probes: probes(),
      scaling: autoscaling({ min: 2, desired: 2, max: 10 }, 70),
      rollout: DOUBLE,
      shutdown: { drain: 30, stopTimeout: 30 },
      slo: { availability: 99.9, p99Milliseconds: 800 },
      interruptible: false,
    },
  ];
}
