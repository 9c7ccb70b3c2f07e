/** Secrets from the stack's encrypted configuration. A value is a Pulumi secret from its first to its last step. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { filled, type Resolve } from "../../platform/foundation/fill.ts";
import type { Model } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import { secretForms, type SecretForm } from "./secrets.ts";

export interface CreatedSecret {
  readonly form: SecretForm;
  readonly secret: k8s.core.v1.Secret;
}

/** @param nameOf how a resource is called that is in a namespace */
export function createSecrets(
  model: Model,
  settings: Settings,
  nameOf: (thing: SecretForm) => string,
  options: pulumi.CustomResourceOptions,
): readonly CreatedSecret[] {
  const resolve = configured(settings);
  return secretForms(model, settings).map((form) => {
    const data = Object.entries(form.data).map(([key, text]) => [key, pulumi.secret(filled(text, resolve))]);
    const secret = new k8s.core.v1.Secret(
      nameOf(form),
      {
        metadata: { name: form.name, namespace: form.namespace },
        type: "Opaque",
        stringData: Object.fromEntries(data) as Record<string, pulumi.Output<string>>,
      },
      options,
    );
    return { form, secret };
  });
}

/** That all of them are there is known before anything is registered: `missingSecrets`. */
function configured({ project }: Settings): Resolve {
  const secrets = new pulumi.Config(project).requireSecretObject<Readonly<Record<string, string>>>("secrets");
  return ({ name, attribute }) =>
    secrets.apply((values) => {
      const value = values[name];
      if (value === undefined) throw new Error(`The secret ${name} is not configured.`);
      return attribute === "encoded" ? encodeURIComponent(value) : value;
    });
}
