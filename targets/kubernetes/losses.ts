/** What a plain cluster cannot say, each with the bounds within which it may differ. */
import { isDeepStrictEqual } from "node:util";
import { loss, type Loss } from "../target.ts";
import { standInLosses } from "./losses-stand-ins.ts";

export const losses: readonly Loss[] = [
  loss({
    code: "restarted-in-place",
    path: "whenUnhealthy",
    kind: "approximate",
    because:
      "A failed liveness probe restarts the container in its pod, with back-off; on ECS the whole task is replaced, elsewhere if need be.",
    remedy:
      "Nothing has to be done for a process that hangs. For a bad node, let node repair replace it (it is on in our node groups), and alarm on restarts.",
    accepts: (wanted, found) => wanted === "replaced" && found === "restartedInPlace",
  }),
  loss({
    code: "starts-at-one",
    path: "initialCount",
    kind: "approximate",
    because:
      "A Deployment beside an autoscaler names no count, so it starts with one replica and climbs to the minimum; a migration scales it to the old side's running count before each shift.",
    remedy:
      "Scale up before traffic comes: the rehearsal scales the green side to its share before each shift. After a first `pulumi up`, wait until the autoscaler has reached the minimum.",
    accepts: (_wanted, found, whole) => found === 1 && whole.found.scaling !== null,
  }),
  loss({
    code: "backlog-needs-keda",
    path: "scaling",
    kind: "dropped",
    because: "Scaling on queue depth or consumer lag needs KEDA; a plain cluster scales on CPU and memory alone.",
    remedy:
      "Install KEDA and take `target=eks`' ScaledObjects as the example, or raise the minimum to what the longest expected backlog needs.",
    accepts: (wanted, found) => {
      if (wanted === null || found === null) return false;
      const plain = Object.entries(wanted.targets).filter(([metric]) => metric === "cpu" || metric === "memory");
      return (
        plain.length < Object.keys(wanted.targets).length &&
        isDeepStrictEqual({ ...wanted, targets: Object.fromEntries(plain) }, found)
      );
    },
  }),
  loss({
    code: "surge-is-absolute",
    path: "rollout",
    kind: "approximate",
    because:
      "`maxSurge` rounds up where ECS rounds down, so it is the absolute number for the desired count; at other counts a rollout goes in smaller or larger steps, never below the minimum.",
    remedy:
      "Nothing has to be done. Leave room for the surge on the nodes when the running count is far from the desired one.",
    accepts: (wanted, found, whole) =>
      wanted.length === found.length &&
      wanted.every((step, index) => {
        const other = found[index];
        if (other?.count !== step.count || other.atLeast !== step.atLeast || other.atMost <= step.atLeast) return false;
        return step.count === whole.wanted.initialCount ? other.atMost === step.atMost : true;
      }) &&
      new Set(found.map(({ count, atMost }) => atMost - count)).size === 1,
  }),
  loss({
    code: "never-rolls-back",
    path: "rollsBack",
    kind: "dropped",
    because:
      "A Deployment past its progress deadline is marked as failed and stays as it is; the deploy (or the rehearsal) goes back.",
    remedy:
      "Let the deploy fail and go back: `pulumi up` waits for the Deployment and fails past its deadline, the rehearsal's gate then rolls back. By hand: `kubectl rollout undo deployment/<name>`.",
    accepts: (wanted, found) => wanted && !found,
  }),
  loss({
    code: "eviction-takes-one",
    path: "evictedAtOnce",
    kind: "approximate",
    because:
      "A disruption budget that keeps every replica would block a node's drain for ever; one at a time may go, and never more.",
    remedy:
      "Nothing has to be done: a drain takes longer, for it goes one by one. Plan node upgrades with that in mind.",
    accepts: (_wanted, found) => found === 1,
  }),
  loss({
    code: "no-cloud-identity",
    path: "identity",
    kind: "dropped",
    because: "A conformant cluster has no IAM; on EKS, Pod Identity adds the same statements.",
    remedy:
      "Give the pods' service accounts the identity that your cloud has (workload identity on GKE, an OIDC provider elsewhere), or credentials by a Secret. On EKS Pod Identity does it.",
    accepts: (_wanted, found) => found === null,
  }),
  loss({
    code: "logs-by-agent",
    path: "logs",
    kind: "dropped",
    because:
      "A pod writes to stdout and the node's agent decides where that goes; on EKS the agent writes to the same group.",
    remedy:
      "Run a log agent on each node (Fluent Bit, Vector) that ships stdout; our lines are JSON with a `service` field.",
    accepts: (_wanted, found) => found === null,
  }),
  ...standInLosses,
];
