/**
 * Binding → IAM statements, least privilege: an action only where a binding needs it, a resource by its ARN. The one
 * source for ECS task roles and EKS pod roles alike.
 */
import { storeOfTopic } from "./lookup.ts";
import { placeholder } from "./placeholders.ts";
import { storeSecret } from "./wiring.ts";
import type { StatementBehaviour } from "./behaviour.ts";
import type { Binding, Model, Workload } from "./types.ts";

/** What the workload's own code may do. Statements are in the order of the bindings. */
export function taskStatements(workload: Workload, model: Model): readonly StatementBehaviour[] {
  const statements = workload.uses.flatMap((binding) => statementsOf(binding, workload, model));
  if (workload.kind === "job" && workload.checkpoint) statements.push(...bucket(workload.checkpoint.name, "readwrite"));
  return merged(statements);
}

/** What starting it takes: reading the secrets that are put into its environment. */
export function startStatements(workload: Workload): readonly StatementBehaviour[] {
  const names = workload.uses.flatMap(({ to }) => {
    if (to.kind === "postgres" || to.kind === "redis") return [storeSecret(to.name).secret];
    return to.kind === "secret" ? [to.name] : [];
  });
  const resources = [...new Set(names)].sort().map((name) => placeholder("secret", name, "arn"));
  return resources.length === 0 ? [] : [{ actions: ["secretsmanager:GetSecretValue"], resources }];
}

function statementsOf(binding: Binding, workload: Workload, model: Model): StatementBehaviour[] {
  const { to } = binding;
  switch (to.kind) {
    case "bucket":
      return binding.access === "read" || binding.access === "readwrite" ? bucket(to.name, binding.access) : [];
    case "queue": {
      const resources = [placeholder("queue", to.name, "arn")];
      return binding.access === "send"
        ? [{ actions: ["sqs:SendMessage"], resources }]
        : [{ actions: ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"], resources }];
    }
    case "topic":
      return binding.access === "produce" || binding.access === "consume" ? kafka(binding, workload, model) : [];
    case "traces":
      return [{ actions: XRAY, resources: ["*"] }];
    case "metrics":
      // CloudWatch makes metrics of what is written here in the embedded metric format.
      return [
        {
          actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          resources: [`${placeholder("logGroup", workload.name, "arn")}:*`],
        },
      ];
    case "postgres":
    case "redis":
    case "secret":
    case "service":
    case "internet":
      return [];
  }
}

/**
 * The one place where a task may act on everything: X-Ray has no resource that these actions could be held to.
 * @source Service Authorization Reference, "AWS X-Ray", 2026-11
 */
const XRAY = [
  "xray:GetSamplingRules",
  "xray:GetSamplingStatisticSummaries",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
] as const;

function bucket(name: string, access: "read" | "readwrite"): StatementBehaviour[] {
  const arn = placeholder("bucket", name, "arn");
  const objects = access === "read" ? ["s3:GetObject"] : ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"];
  return [
    { actions: objects, resources: [`${arn}/*`] },
    { actions: ["s3:ListBucket"], resources: [arn] },
  ];
}

/** MSK's IAM access control, one statement for each kind of resource. */
function kafka(
  binding: Extract<Binding, { access: "produce" | "consume" }>,
  workload: Workload,
  model: Model,
): StatementBehaviour[] {
  const store = storeOfTopic(binding.to.name, model);
  const cluster = placeholder("store", store, "arn");
  const topic = placeholder("topic", binding.to.name, "arn");
  if (binding.access === "produce") {
    return [
      { actions: ["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"], resources: [cluster] },
      { actions: ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"], resources: [topic] },
    ];
  }
  // A group for each replica shares the workload's name as its prefix.
  const group =
    binding.group === "perReplica"
      ? `${placeholder("group", workload.name, "arn")}-*`
      : placeholder("group", binding.group, "arn");
  return [
    { actions: ["kafka-cluster:Connect"], resources: [cluster] },
    { actions: ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"], resources: [topic] },
    {
      actions: ["kafka-cluster:AlterGroup", "kafka-cluster:DeleteGroup", "kafka-cluster:DescribeGroup"],
      resources: [group],
    },
  ];
}

/** Two bindings to one resource become one statement with the union of their actions. */
function merged(statements: readonly StatementBehaviour[]): readonly StatementBehaviour[] {
  const byResources = new Map<string, Set<string>>();
  for (const { actions, resources } of statements) {
    const key = resources.join("\n");
    const known = byResources.get(key) ?? new Set<string>();
    for (const action of actions) known.add(action);
    byResources.set(key, known);
  }
  return [...byResources.entries()].map(([key, actions]) => ({
    actions: [...actions].sort(),
    resources: key.split("\n"),
  }));
}
