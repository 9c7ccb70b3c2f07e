/** All workloads of a stack and what they take, on ECS and on Kubernetes alike. */
import { taskDefinitions } from "../compute/subjects.ts";
import type { Graph } from "../framework/graph.ts";
import { pods } from "../kubernetes/subjects.ts";
import { ecsDemands } from "./ecs.ts";
import { kubernetesDemands } from "./kubernetes.ts";
import type { Demand, Tell } from "./types.ts";

/** What a demand is read from. */
export const DEMANDING = [taskDefinitions, pods] as const;

export function demandsOf(graph: Graph, tell: Tell): readonly Demand[] {
  return [...ecsDemands(graph, tell), ...kubernetesDemands(graph, tell)];
}
