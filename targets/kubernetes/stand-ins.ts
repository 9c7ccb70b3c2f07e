/**
 * What a workload is told about the servers that stand in for SQS and S3: the variables that every AWS SDK reads by
 * itself, so its code is the same on AWS. The values are the deployer's to fill in; credentials come from a Secret.
 */
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Manifest, PodSpec } from "./forms.ts";
import { usesBuckets, usesQueues } from "./stores/clients.ts";
import { ACCESS_KEY_ID, credentialsName, OBJECTS, QUEUES, SECRET_ACCESS_KEY } from "./stores/names.ts";

type Variables = NonNullable<PodSpec["containers"][number]["env"]>;

/** The manifest as it is, or with the variables in its pod's container. */
export function withStandIns(manifest: Manifest, workload: Workload, settings: Settings): Manifest {
  const variables = variablesOf(workload, settings);
  if (variables.length === 0) return manifest;
  if (manifest.kind === "Deployment" && manifest.spec) {
    return { ...manifest, spec: { ...manifest.spec, template: extended(manifest.spec.template, variables) } };
  }
  if (manifest.kind === "Job" && manifest.spec) {
    return { ...manifest, spec: { ...manifest.spec, template: extended(manifest.spec.template, variables) } };
  }
  const job = manifest.kind === "CronJob" ? manifest.spec?.jobTemplate.spec : undefined;
  if (manifest.kind !== "CronJob" || !manifest.spec || !job) return manifest;
  const jobTemplate = {
    ...manifest.spec.jobTemplate,
    spec: { ...job, template: extended(job.template, variables) },
  };
  return { ...manifest, spec: { ...manifest.spec, jobTemplate } };
}

/** @source AWS SDKs and Tools reference, "Service-specific endpoints" and "Environment variables", 2026-11 */
function variablesOf(workload: Workload, { region }: Settings): Variables {
  const buckets = usesBuckets(workload);
  const queues = usesQueues(workload);
  if (!buckets && !queues) return [];
  // The queues ask nobody who he is, but an SDK signs all the same: whoever has no bucket gets no key to any.
  const secret = credentialsName(buckets ? OBJECTS : QUEUES);
  const credential = (name: string, key: string) => ({ name, valueFrom: { secretKeyRef: { name: secret, key } } });
  return [
    { name: "AWS_REGION", value: region },
    ...(buckets ? [{ name: "AWS_ENDPOINT_URL_S3", value: placeholder("store", OBJECTS, "endpoint") }] : []),
    ...(queues ? [{ name: "AWS_ENDPOINT_URL_SQS", value: placeholder("store", QUEUES, "endpoint") }] : []),
    credential("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID),
    credential("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY),
  ];
}

function extended<T extends { spec?: PodSpec }>(template: T, variables: Variables): T {
  if (!template.spec) return template;
  const containers = template.spec.containers.map((each) => ({ ...each, env: [...(each.env ?? []), ...variables] }));
  return { ...template, spec: { ...template.spec, containers } };
}
