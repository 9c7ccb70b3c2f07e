/** What a plain cluster cannot say, each with the bounds within which it may differ. */
import { isDeepStrictEqual } from "node:util";
import type { Reach } from "../../platform/model/behaviour.ts";
import { loss, type Loss } from "../target.ts";

export const losses: readonly Loss[] = [
  loss({
    code: "restarted-in-place",
    path: "whenUnhealthy",
    kind: "approximate",
    because:
      "A failed liveness probe restarts the container in its pod, with back-off; on ECS the whole task is replaced, elsewhere if need be.",
    accepts: (wanted, found) => wanted === "replaced" && found === "restartedInPlace",
  }),
  loss({
    code: "starts-at-one",
    path: "initialCount",
    kind: "approximate",
    because:
      "A Deployment beside an autoscaler names no count, so it starts with one replica and climbs to the minimum; a migration scales it to the old side's running count before each shift.",
    accepts: (_wanted, found, whole) => found === 1 && whole.found.scaling !== null,
  }),
  loss({
    code: "backlog-needs-keda",
    path: "scaling",
    kind: "dropped",
    because: "Scaling on queue depth or consumer lag needs KEDA; a plain cluster scales on CPU and memory alone.",
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
    accepts: (wanted, found) => wanted && !found,
  }),
  loss({
    code: "eviction-takes-one",
    path: "evictedAtOnce",
    kind: "approximate",
    because:
      "A disruption budget that keeps every replica would block a node's drain for ever; one at a time may go, and never more.",
    accepts: (_wanted, found) => found === 1,
  }),
  loss({
    code: "no-cloud-identity",
    path: "identity",
    kind: "dropped",
    because: "A conformant cluster has no IAM; on EKS, Pod Identity adds the same statements.",
    accepts: (_wanted, found) => found === null,
  }),
  loss({
    code: "s3-is-internet",
    path: "reaches",
    kind: "approximate",
    because:
      "S3's gateway endpoint keeps public addresses, which a NetworkPolicy cannot name: port 443 of the internet is open instead.",
    accepts: (wanted, found) => "s3" in wanted && isDeepStrictEqual(withoutS3(wanted), found),
  }),
  loss({
    code: "logs-by-agent",
    path: "logs",
    kind: "dropped",
    because:
      "A pod writes to stdout and the node's agent decides where that goes; on EKS the agent writes to the same group.",
    accepts: (_wanted, found) => found === null,
  }),
];

/** The same reach with S3's port moved to the internet's. */
function withoutS3({ s3 = [], internet = [], ...rest }: Reach): Reach {
  return { ...rest, internet: [...new Set([...internet, ...s3])].sort((a, b) => a - b) };
}
