/** What runs on a side: ECS' services, or a cluster's Deployments. */
import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { StageError } from "../../../stage.ts";
import type { Orchestrators, StackOutputs, WorkloadState } from "../ports.ts";
import { deploymentsOf } from "./kubernetes.ts";

/** @source ECS API reference, DescribeServices, 2026-11 */
const SERVICES_A_CALL = 10;

const ecsOutputs = z.object({ outputs: z.object({ cluster: z.string(), services: z.record(z.string(), z.string()) }) });
const eksOutputs = z.object({ outputs: z.object({ cluster: z.string(), namespace: z.string() }) });

export function createOrchestrators(ecs: ECSClient, region: string): Orchestrators {
  return {
    states: async (side, outputs) =>
      side === "ecs" ? ecsStates(ecs, outputs) : deploymentsOf(region, read(eksOutputs, side, outputs)),
  };
}

async function ecsStates(client: ECSClient, outputs: StackOutputs): Promise<readonly WorkloadState[]> {
  const { DescribeServicesCommand } = await import("@aws-sdk/client-ecs");
  const { cluster, services } = read(ecsOutputs, "ecs", outputs);
  const arns = Object.entries(services);
  const states: WorkloadState[] = [];
  for (let start = 0; start < arns.length; start += SERVICES_A_CALL) {
    const asked = arns.slice(start, start + SERVICES_A_CALL);
    const page = await client.send(new DescribeServicesCommand({ cluster, services: asked.map(([, arn]) => arn) }));
    const byArn = new Map((page.services ?? []).map((service) => [service.serviceArn, service]));
    for (const [name, arn] of asked) states.push(stateOf(name, byArn.get(arn)));
  }
  return states;
}

function stateOf(name: string, service: Service | undefined): WorkloadState {
  const { desiredCount = 1, runningCount = 0, deployments = [] } = service ?? {};
  const settled = deployments.length === 1 && deployments[0]?.rolloutState !== "IN_PROGRESS";
  return { name, desired: desiredCount, ready: runningCount, settled };
}

function read<T extends { readonly outputs: unknown }>(
  schema: z.ZodType<T>,
  side: string,
  outputs: StackOutputs,
): T["outputs"] {
  const parsed = schema.safeParse(outputs);
  if (!parsed.success) throw new StageError(`The outputs of ${side}'s stack do not say what runs there.`);
  return parsed.data.outputs;
}
