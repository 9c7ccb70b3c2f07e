/** All objects of the manifests but the workloads, read and by what they are for. */
import type { SecretBehaviour } from "../../../platform/model/behaviour.ts";
import { Fields } from "../fields.ts";
import type { Log } from "../log.ts";
import type { Manifest } from "../sort.ts";
import { readAutoscaler, type Autoscaler } from "./autoscaler.ts";
import { CONTROLLERS } from "./controllers.ts";
import { readIngress, readServiceObject, type Paths, type ServiceObject } from "./entrances.ts";
import type { Sources } from "./environment.ts";
import { readExternalSecret } from "./external-secret.ts";
import { readBudget, readPolicy, type Budget, type Policy } from "./fences.ts";
import { SCALED_BY_KEDA, SET_ASIDE } from "./kinds.ts";
import { readMetadata, type Metadata } from "./metadata.ts";

export interface Objects {
  readonly services: readonly (ServiceObject & { readonly name: string; readonly namespace: string })[];
  /** null: no file has an Ingress. */
  readonly paths: Paths | null;
  readonly autoscalers: readonly Autoscaler[];
  /** Names of what KEDA scales. */
  readonly scaledByKeda: readonly string[];
  readonly budgets: readonly Budget[];
  /** null: no file has a NetworkPolicy. */
  readonly policies: readonly Policy[] | null;
  readonly sources: Sources;
  readonly controllers: readonly Manifest[];
}

/** @returns also the manifests of workloads, which are read when all else is known */
export function readObjects(manifests: readonly Manifest[], log: Log): Objects {
  const of = (kind: string): readonly Manifest[] => manifests.filter((each) => each.kind === kind);
  const specs = <T>(kind: string, read: (fields: Fields, metadata: Metadata) => T): readonly T[] =>
    of(kind).flatMap((each) => readOne(each, log, read) ?? []);
  const ingresses = specs("Ingress", readIngress);
  const policies = specs("NetworkPolicy", readPolicy);
  const keda = SCALED_BY_KEDA.flatMap((kind) => specs(kind, readKeda));
  const controllers = manifests.filter((each) => CONTROLLERS.some((kind) => kind === each.kind));
  for (const each of manifests) judgeKind(each, log);
  return {
    services: specs("Service", (fields, { name, namespace }) => ({ ...readServiceObject(fields), name, namespace })),
    paths: ingresses.length > 0 ? ingresses.flat() : null,
    autoscalers: specs("HorizontalPodAutoscaler", readAutoscaler),
    scaledByKeda: keda,
    budgets: specs("PodDisruptionBudget", readBudget),
    policies: policies.length > 0 ? policies : null,
    sources: {
      configMaps: new Map(of("ConfigMap").map((each) => readConfigMap(each, log))),
      secretKeys: new Map(of("Secret").map((each) => readSecret(each, log))),
      origins: new Map<string, SecretBehaviour>(
        specs("ExternalSecret", (fields, { name }) => readExternalSecret(fields, name)).flatMap((each) => [...each]),
      ),
    },
    controllers,
  };
}

function readOne<T>(
  { where, value }: Manifest,
  log: Log,
  read: (fields: Fields, metadata: Metadata) => T,
): T | undefined {
  return readTop(where, value, log, (fields, metadata) => fields.object("spec", (spec) => read(spec, metadata)));
}

function readTop<T>(
  where: string,
  value: unknown,
  log: Log,
  read: (fields: Fields, metadata: Metadata) => T,
): T | undefined {
  return Fields.read(value, where, "", log, (fields) => {
    fields.raw("kind");
    fields.raw("apiVersion");
    return read(fields, readMetadata(fields));
  });
}

function readConfigMap({ where, value }: Manifest, log: Log): readonly [string, ReadonlyMap<string, string>] {
  const found = readTop(where, value, log, (fields, { name }) => {
    fields.aside("files, which no variable is made of", "binaryData", "immutable");
    return [name, fields.map("data")] as const;
  });
  return found ?? ["", new Map<string, string>()];
}

/** Its keys by name; what they hold is never taken. */
function readSecret({ where, value }: Manifest, log: Log): readonly [string, readonly string[]] {
  const found = readTop(where, value, log, (fields, { name }) => {
    fields.aside("what kind of secret it is", "type", "immutable");
    return [name, [...new Set([...fields.names("data"), ...fields.names("stringData")])]] as const;
  });
  return found ?? ["", []];
}

function readKeda(fields: Fields): string {
  const target = fields.object("scaleTargetRef", (each) => {
    each.skip();
    return each.text("name");
  });
  fields.note("unsaid", "", "scaling by KEDA's rules", "scaling");
  fields.skip();
  return target ?? "";
}

const READ: readonly string[] = [
  ...CONTROLLERS,
  ...SCALED_BY_KEDA,
  "ConfigMap",
  "ExternalSecret",
  "HorizontalPodAutoscaler",
  "Ingress",
  "NetworkPolicy",
  "PodDisruptionBudget",
  "Secret",
  "Service",
];

function judgeKind({ where, kind, value }: Manifest, log: Log): void {
  if (READ.includes(kind)) return;
  if (SET_ASIDE.has(kind)) {
    log.notes.push({ kind: "setAside", where, field: "", sentence: "about no workload's own running" });
  } else if (kind === "Pod" || kind === "ReplicaSet") {
    const owned = JSON.stringify(value["metadata"] ?? {}).includes('"ownerReferences"');
    const sentence = owned ? "made by a controller, which is read itself" : "nothing replaces it when it ends";
    log.notes.push({ kind: owned ? "setAside" : "unsaid", where, field: "", sentence });
  } else {
    log.notes.push({ kind: "unknown", where, field: "", sentence: `a kind that we do not know: ${kind}` });
  }
}
