/**
 * The Secrets of a plain cluster, as forms: which there are, in which namespace, made from which configured values. The
 * values are placeholders here, `${secret.database.value}`; the deployer fills them in, and nobody else ever has them.
 */
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Model, Problem, Store } from "../../platform/model/types.ts";
import { storeSecret } from "../../platform/model/wiring.ts";
import { secretCommand } from "../../platform/secret-names.ts";
import type { Settings } from "../../platform/settings.ts";
import { bucketClients, queueClients } from "./stores/clients.ts";
import {
  ACCESS_KEY_ID,
  credentialsName,
  dataNamespace,
  OBJECTS,
  OWNER,
  PASSWORD_KEY,
  QUEUES,
  SECRET_ACCESS_KEY,
  storeHost,
} from "./stores/names.ts";

export interface SecretForm {
  readonly name: string;
  readonly namespace: string;
  readonly data: Readonly<Record<string, string>>;
}

/** As it was configured, and fit for a URL's part. */
export type SecretAttribute = "value" | "encoded";

function configured(name: string, attribute: SecretAttribute): string {
  return placeholder("secret", name, attribute);
}

/** What the stack's configuration must hold: a password a store, the catalogue's own that somebody reads. Sorted. */
export function requiredSecrets(model: Model): readonly string[] {
  return [
    ...model.stores.filter(({ kind }) => kind !== "kafka").map(({ name }) => name),
    ...catalogueSecrets(model).map(({ name }) => name),
    ...(bucketClients(model).length > 0 ? [OBJECTS] : []),
  ].sort();
}

/** Each with the command that sets it. */
export function missingSecrets(model: Model, { secrets, stack }: Settings): readonly Problem[] {
  return requiredSecrets(model)
    .filter((name) => !secrets.includes(name))
    .map((name) => ({
      code: "secret-missing",
      path: `settings.secrets.${name}`,
      found: "nothing",
      allowed: secretCommand(stack, name),
    }));
}

/** Sorted by namespace and name. */
export function secretForms(model: Model, settings: Settings): readonly SecretForm[] {
  const own = settings.namespace;
  const data = dataNamespace(settings);
  const keys = { [ACCESS_KEY_ID]: OWNER, [SECRET_ACCESS_KEY]: configured(OBJECTS, "value") };
  // ElasticMQ asks nobody who he is: its NetworkPolicy does. An SDK signs with whatever it is given.
  const anybody = { [ACCESS_KEY_ID]: OWNER, [SECRET_ACCESS_KEY]: "unchecked" };
  const forms: readonly SecretForm[] = [
    ...model.stores.flatMap((store) => storeSecrets(store, settings)),
    ...catalogueSecrets(model).map(({ name, key }) => ({
      name,
      namespace: own,
      data: { [key]: configured(name, "value") },
    })),
    ...(bucketClients(model).length > 0
      ? [own, data].map((namespace) => ({ name: credentialsName(OBJECTS), namespace, data: keys }))
      : []),
    ...(queueClients(model).some((name) => !bucketClients(model).includes(name))
      ? [{ name: credentialsName(QUEUES), namespace: own, data: anybody }]
      : []),
  ];
  return [...forms].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** The password on the store's side, the whole URL on its clients'. */
function storeSecrets({ name, kind, port }: Store, settings: Settings): readonly SecretForm[] {
  if (kind === "kafka") return [];
  const { secret, key } = storeSecret(name);
  const at = `${storeHost(name, settings)}:${port}`;
  const password = configured(name, "encoded");
  const url = kind === "postgres" ? `postgres://${OWNER}:${password}@${at}/${OWNER}` : `redis://:${password}@${at}`;
  return [
    { name: secret, namespace: settings.namespace, data: { [key]: url } },
    {
      name: credentialsName(name),
      namespace: dataNamespace(settings),
      data: { [PASSWORD_KEY]: configured(name, "value") },
    },
  ];
}

/** Those of the catalogue that a binding names. */
function catalogueSecrets({ secrets, workloads }: Model) {
  const read = new Set(
    workloads.flatMap(({ uses }) => uses.flatMap(({ to }) => (to.kind === "secret" ? to.name : []))),
  );
  return secrets.filter(({ name }) => read.has(name));
}

function keyOf({ namespace, name }: SecretForm): string {
  return `${namespace}/${name}`;
}
