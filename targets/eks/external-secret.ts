/** Secrets by reference: External Secrets copies them from Secrets Manager into the cluster; no value stands here. */
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Model, Workload } from "../../platform/model/types.ts";
import { wire } from "../../platform/model/wiring.ts";
import type { Settings } from "../../platform/settings.ts";
import { metadata } from "../kubernetes/names.ts";
import type { ExternalSecret, SecretStore } from "./forms.ts";
import { secretName, secretsRoleArn } from "./names.ts";

/** How old a rotated secret's copy can get. Rotation alternates two users, so the old one holds good for longer. */
const REFRESH_INTERVAL = "5m";

/** Secrets that a workload's pods refer to, each with the JSON keys that they take out of it; sorted. */
export function secretsOf(workload: Workload, model: Model): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { secret, key } of Object.values(wire(workload, model, () => "").secrets)) {
    found.set(secret, [...new Set([...(found.get(secret) ?? []), key])].sort());
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A store that reads as this workload's own role, and a secret for each that it uses; nothing where it uses none. */
export function externalSecrets(
  workload: Workload,
  model: Model,
  settings: Settings,
): readonly (SecretStore | ExternalSecret)[] {
  const secrets = secretsOf(workload, model);
  if (secrets.size === 0) return [];
  const { labels, namespace } = metadata(workload, model, settings);
  const store: SecretStore = {
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata: { name: workload.name, namespace, labels },
    spec: {
      provider: {
        aws: { service: "SecretsManager", region: settings.region, role: secretsRoleArn(workload.name) },
      },
    },
  };
  return [store, ...[...secrets].map(([secret, keys]) => externalSecret(secret, keys))];

  function externalSecret(secret: string, keys: readonly string[]): ExternalSecret {
    const name = secretName(workload, secret);
    return {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: { name, namespace, labels },
      spec: {
        refreshInterval: REFRESH_INTERVAL,
        secretStoreRef: { kind: "SecretStore", name: workload.name },
        target: { name, creationPolicy: "Owner" },
        data: keys.map((key) => ({
          secretKey: key,
          remoteRef: { key: placeholder("secret", secret, "arn"), property: key },
        })),
      },
    };
  }
}
