/** Bindings → EKS Pod Identity: the same statements as an ECS task role's, for the pods of one service account. */
import { startStatements, taskStatements } from "../../platform/model/identity.ts";
import { lookup, storeOfTopic } from "../../platform/model/lookup.ts";
import type { StatementBehaviour } from "../../platform/model/behaviour.ts";
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Metric, Model, Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { PodIdentity, SecretsRole, Trust } from "./forms.ts";
import { podRoleArn, secretsRoleArn } from "./names.ts";

/** Pod Identity tags its sessions, so tagging is part of assuming. @source EKS user guide, "Pod Identity role", 2026-11 */
const ASSUME = ["sts:AssumeRole", "sts:TagSession"] as const;
const POD_IDENTITY: Trust = { principal: { service: "pods.eks.amazonaws.com" }, actions: ASSUME };

const EXTERNAL_SECRETS = "external-secrets";
const KEDA = "keda";

/** Nothing where no binding needs AWS. */
export function podIdentity(workload: Workload, model: Model, { namespace }: Settings): PodIdentity | undefined {
  const statements = taskStatements(workload, model);
  if (statements.length === 0) return undefined;
  return identityOf(model, namespace, workload.name, workload.name, statements);
}

/** The tags of the operator's own session are handed on, which is why it must be allowed to tag here too. */
export function secretsRole(workload: Workload): SecretsRole | undefined {
  const statements = startStatements(workload);
  if (statements.length === 0) return undefined;
  return {
    roleArn: secretsRoleArn(workload.name),
    trust: { principal: { aws: podRoleArn(EXTERNAL_SECRETS) }, actions: ASSUME },
    statements,
  };
}

/** What acts for all workloads: one assumes their secrets' roles, the other measures the backlogs that they scale on. */
export function operatorIdentities(model: Model): {
  readonly "external-secrets": PodIdentity;
  readonly keda: PodIdentity;
} {
  const roles = model.workloads
    .filter((workload) => startStatements(workload).length > 0)
    .map(({ name }) => secretsRoleArn(name))
    .sort();
  return {
    [EXTERNAL_SECRETS]: identityOf(
      model,
      EXTERNAL_SECRETS,
      EXTERNAL_SECRETS,
      EXTERNAL_SECRETS,
      roles.length === 0 ? [] : [{ actions: ASSUME, resources: roles }],
    ),
    [KEDA]: identityOf(model, KEDA, "keda-operator", KEDA, backlogStatements(model)),
  };
}

function identityOf(
  { project }: Model,
  namespace: string,
  serviceAccount: string,
  role: string,
  statements: readonly StatementBehaviour[],
): PodIdentity {
  return {
    association: {
      clusterName: placeholder("cluster", project, "name"),
      namespace,
      serviceAccount,
      roleArn: podRoleArn(role),
    },
    trust: POD_IDENTITY,
    statements,
  };
}

/** Reading lengths and offsets; never a message. */
function backlogStatements(model: Model): readonly StatementBehaviour[] {
  const metrics = [...lookup(model).workloads.values()].flatMap(metricsOf);
  const lags = metrics.flatMap((metric) => ("lag" in metric ? [metric] : []));
  const depths = metrics.flatMap((metric) => ("depth" in metric ? [metric.depth.name] : []));
  const queues = model.workloads.flatMap((workload) =>
    workload.kind === "job" && "queue" in workload.trigger ? [workload.trigger.queue.name] : [],
  );
  return [
    statement(
      ["kafka-cluster:Connect"],
      lags.map(({ lag }) => placeholder("store", storeOfTopic(lag.name, model), "arn")),
    ),
    statement(
      ["kafka-cluster:DescribeTopic"],
      lags.map(({ lag }) => placeholder("topic", lag.name, "arn")),
    ),
    statement(
      ["kafka-cluster:DescribeGroup"],
      lags.map(({ group }) => placeholder("group", group, "arn")),
    ),
    statement(
      ["sqs:GetQueueAttributes"],
      [...depths, ...queues].map((name) => placeholder("queue", name, "arn")),
    ),
  ].flat();
}

function metricsOf(workload: Workload): readonly Metric[] {
  return workload.kind !== "job" && "on" in workload.scaling ? workload.scaling.on : [];
}

function statement(actions: readonly string[], resources: readonly string[]): readonly StatementBehaviour[] {
  return resources.length === 0 ? [] : [{ actions, resources: [...new Set(resources)].sort() }];
}
