/** The real ports: Pulumi, AWS' own clients with the credentials of whoever runs this, the brokers, the probes. */
import { setTimeout as sleep } from "node:timers/promises";
import type { AwsPorts } from "../ports.ts";
import { connectBrokers } from "./brokers.ts";
import type { EngineOptions } from "./engine.ts";
import { createImages } from "./images.ts";
import { createLoadBalancers } from "./load-balancers.ts";
import { type OnceStore, parameterStore } from "./lock-parameter.ts";
import { createMetrics } from "./metrics.ts";
import { createOrchestrators } from "./orchestrators.ts";
import { createProbes, type ProbeRates } from "./probes.ts";
import { createQuotas } from "./quotas.ts";

export interface RealPortsOptions extends EngineOptions {
  readonly region: string;
  readonly rates: ProbeRates;
  readonly products: readonly string[];
}

/** A gate must not fail because AWS was busy for a moment. */
const ATTEMPTS = 8;

export async function createRealPorts(
  options: RealPortsOptions,
): Promise<{ readonly ports: AwsPorts; readonly locks: OnceStore; readonly end: () => void }> {
  const { region, rates, products, signal } = options;
  const [{ ElasticLoadBalancingV2Client }, { CloudWatchClient }, { ECSClient }, { ECRClient }, quotas, { SSMClient }] =
    await Promise.all([
      import("@aws-sdk/client-elastic-load-balancing-v2"),
      import("@aws-sdk/client-cloudwatch"),
      import("@aws-sdk/client-ecs"),
      import("@aws-sdk/client-ecr"),
      import("@aws-sdk/client-service-quotas"),
      import("@aws-sdk/client-ssm"),
    ]);
  const config = {
    ...{ region, maxAttempts: ATTEMPTS, requestHandler: { connectionTimeout: 5000, requestTimeout: 20_000 } },
  };
  const clients = {
    balancers: new ElasticLoadBalancingV2Client(config),
    metrics: new CloudWatchClient(config),
    ecs: new ECSClient(config),
    ecr: new ECRClient(config),
    quotas: new quotas.ServiceQuotasClient(config),
    parameters: new SSMClient(config),
  };
  const ports: AwsPorts = {
    // It brings Pulumi along, which takes half a second.
    engine: (await import("./engine.ts")).createEngine(options),
    balancers: createLoadBalancers(clients.balancers),
    orchestrators: createOrchestrators(clients.ecs, region),
    metrics: createMetrics(clients.metrics),
    brokers: (outputs) => connectBrokers(outputs, region),
    probes: createProbes(rates, products, signal),
    quotas: createQuotas(clients.quotas, clients.metrics),
    images: createImages(clients.ecr),
    clock: {
      now: () => Date.now(),
      sleep: (milliseconds, until) => sleep<undefined>(milliseconds, undefined, { signal: until }),
    },
  };
  const end = (): void => {
    for (const client of Object.values(clients)) client.destroy();
  };
  return { ports, locks: parameterStore(clients.parameters), end };
}
