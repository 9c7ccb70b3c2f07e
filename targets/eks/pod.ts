/** What a pod has on EKS beside its plain form: its nodes, its own secrets, a restart when they change, its log group. */
import { logGroup } from "../../platform/conventions.ts";
import type { Model, Workload } from "../../platform/model/types.ts";
import type { CronJob, Deployment, Job, PodSpec } from "../kubernetes/forms.ts";
import { POOL_LABEL } from "../kubernetes/names.ts";
import { secretsOf } from "./external-secret.ts";
import { LOG_GROUP_ANNOTATION, secretName } from "./names.ts";

type Template = NonNullable<Deployment["spec"]>["template"];
type Container = PodSpec["containers"][number];
type JobSpec = NonNullable<Job["spec"]>;

/** Neither a rotated secret nor its copy restarts a pod; Reloader does. @source stakater/Reloader, "Annotations" */
const RELOAD_ANNOTATION = "secret.reloader.stakater.com/reload";

export function onEks<D extends Deployment>(deployment: D, workload: Workload, model: Model): D {
  if (!deployment.spec) return deployment;
  const { metadata, spec } = deployment;
  const names = [...secretsOf(workload, model).keys()].map((secret) => secretName(workload, secret));
  const annotations = names.length > 0 ? { annotations: { [RELOAD_ANNOTATION]: names.join(",") } } : {};
  return {
    ...deployment,
    metadata: { ...metadata, ...annotations },
    spec: { ...spec, template: templateOnEks(spec.template, workload, model) },
  };
}

/** A run reads its secrets when it starts; nothing restarts it for a new one. */
export function cronJobOnEks<C extends CronJob>(cronJob: C, workload: Workload, model: Model): C {
  const { spec } = cronJob;
  const job = spec?.jobTemplate.spec;
  if (!spec || !job) return cronJob;
  const jobTemplate = { ...spec.jobTemplate, spec: jobSpecOnEks(job, workload, model) };
  return { ...cronJob, spec: { ...spec, jobTemplate } };
}

export function jobOnEks<J extends Job>(job: J, workload: Workload, model: Model): J {
  return job.spec ? { ...job, spec: jobSpecOnEks(job.spec, workload, model) } : job;
}

export function jobSpecOnEks(spec: JobSpec, workload: Workload, model: Model): JobSpec {
  return { ...spec, template: templateOnEks(spec.template, workload, model) };
}

function templateOnEks({ metadata, spec }: Template, workload: Workload, model: Model): Template {
  return {
    metadata: { ...metadata, annotations: { [LOG_GROUP_ANNOTATION]: logGroup(model.project, workload.slug) } },
    ...(spec ? { spec: podOnEks(spec, workload) } : {}),
  };
}

/** The cluster is ours and its nodes have our labels: who wants any node gets one of the general group's. */
function podOnEks(spec: PodSpec, workload: Workload): PodSpec {
  return {
    ...spec,
    nodeSelector: { ...spec.nodeSelector, [POOL_LABEL]: workload.compute.on.pool },
    containers: spec.containers.map((each) => withSecrets(each, workload)),
  };
}

function withSecrets(container: Container, workload: Workload): Container {
  const env = (container.env ?? []).map((variable) => {
    const reference = variable.valueFrom?.secretKeyRef;
    if (!reference) return variable;
    const secretKeyRef = { ...reference, name: secretName(workload, reference.name ?? "") };
    return { ...variable, valueFrom: { ...variable.valueFrom, secretKeyRef } };
  });
  return { ...container, env };
}
