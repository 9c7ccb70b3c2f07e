/** What differs where a cluster's own servers stand in for the cloud's, each with the bounds within which it may. */
import { isDeepStrictEqual } from "node:util";
import type { Behaviour, Reach } from "../../platform/model/behaviour.ts";
import { loss, type Loss } from "../target.ts";

export const standInLosses: readonly Loss[] = [
  loss({
    code: "edge-is-any-pod",
    path: "accepts",
    kind: "approximate",
    because:
      "Where an ingress controller runs is its owner's choice: until the stack says so, any pod of the cluster may ask a service that has public paths.",
    remedy:
      "Set `kubernetes.ingressFrom` to the controller's namespace, or to the addresses of a load balancer outside.",
    accepts: ({ edge, ...wanted }, found) =>
      edge !== undefined && isDeepStrictEqual({ ...wanted, cluster: edge }, found),
  }),
  loss({
    code: "stores-of-the-cluster",
    path: "reaches",
    kind: "approximate",
    because:
      "There is no AWS beside the cluster: no API of it is reached, and queues and buckets are on servers of the data namespace, on ports of their own.",
    remedy:
      "Nothing has to be done. To use a cloud's queues and buckets instead, change the endpoints in the environment and open the way to them in a NetworkPolicy.",
    accepts: (wanted, found, whole) => isDeepStrictEqual(withoutCloud(wanted, whole.found), found),
  }),
  loss({
    code: "endpoints-of-the-cluster",
    path: "env",
    kind: "approximate",
    because:
      "An SDK of AWS asks AWS unless its environment says otherwise: who uses queues or buckets is told where the cluster's are.",
    remedy: "Nothing has to be done: every SDK of AWS since 2023 reads these variables by itself.",
    accepts: (wanted, found) => {
      const { AWS_REGION: region, ...rest } = found;
      const endpoints = {
        ...(names(wanted, "_BUCKET") ? { AWS_ENDPOINT_URL_S3: "${store.objects.endpoint}" } : {}),
        ...(names(wanted, "_QUEUE_URL") ? { AWS_ENDPOINT_URL_SQS: "${store.queues.endpoint}" } : {}),
      };
      return (
        region !== undefined &&
        Object.keys(endpoints).length > 0 &&
        isDeepStrictEqual({ ...wanted, ...endpoints }, rest)
      );
    },
  }),
  loss({
    code: "keys-for-stand-ins",
    path: "secrets",
    kind: "approximate",
    because:
      "Without an identity from the platform an SDK needs a key: the object store has one for all who use it, so `read` and `readwrite` are the same to it.",
    remedy:
      "Where that is not enough, give the object store an account for each workload, or use a store that knows the cluster's service accounts.",
    accepts: (wanted, found, whole) => {
      const secret = names(whole.wanted.env, "_BUCKET") ? "objects-credentials" : "queues-credentials";
      const keys = {
        AWS_ACCESS_KEY_ID: { secret, key: "access-key-id" },
        AWS_SECRET_ACCESS_KEY: { secret, key: "secret-access-key" },
      };
      return usesStandIns(whole.wanted) && isDeepStrictEqual({ ...wanted, ...keys }, found);
    },
  }),
  loss({
    code: "telemetry-without-cloud",
    path: "env",
    kind: "approximate",
    because:
      "X-Ray and CloudWatch are AWS': the collector hands traces and metrics on by OTLP where the stack names somebody, and counts them in its log where it does not.",
    remedy: "Set `kubernetes.otlpEndpoint` to what keeps them: Tempo and Mimir, Jaeger, a vendor's endpoint.",
    accepts: (wanted, found) => {
      const { [COLLECTOR]: before, ...others } = wanted;
      const { [COLLECTOR]: after, ...same } = found;
      if (before === undefined || after === undefined || !isDeepStrictEqual(others, same)) return false;
      const exporters = Object.keys(record(record(JSON.parse(after))["exporters"]));
      const [only] = exporters;
      return (
        exporters.length === 1 &&
        (only === "debug" || only === "otlphttp") &&
        isDeepStrictEqual(exportingTo(JSON.parse(before), null), exportingTo(JSON.parse(after), only))
      );
    },
  }),
];

const COLLECTOR = "AOT_CONFIG_CONTENT";
const OBJECTS_PORT = 7070;
const QUEUES_PORT = 9324;

/** The model's reach where only the cluster itself is there, and the way to whom the collector hands on. */
function withoutCloud(wanted: Reach, found: Behaviour): Reach {
  const { s3 } = wanted;
  const rest = without(wanted, "aws", "s3");
  const reach: Record<string, readonly number[]> = {
    ...rest,
    ...(s3 === undefined ? {} : { s3: [OBJECTS_PORT] }),
    ...(names(found.env, "_QUEUE_URL") ? { queues: [QUEUES_PORT] } : {}),
  };
  const endpoint = endpointOf(found);
  if (!endpoint) return reach;
  const others = (reach[endpoint.peer] ?? []).filter((port) => port !== endpoint.port);
  return { ...reach, [endpoint.peer]: [...others, endpoint.port].sort((a, b) => a - b) };
}

/** Whom a collector's own configuration names. */
function endpointOf({ env }: Behaviour): { readonly peer: string; readonly port: number } | undefined {
  const text = env[COLLECTOR];
  if (text === undefined) return undefined;
  const { endpoint } = record(record(record(JSON.parse(text))["exporters"])["otlphttp"]);
  if (typeof endpoint !== "string") return undefined;
  const { hostname, port, protocol } = new URL(endpoint);
  const [, namespace, service] = hostname.split(".");
  return {
    peer: service === "svc" && namespace !== undefined ? `namespace:${namespace}` : "internet",
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  };
}

/** A collector's configuration without its exporters, once every pipeline goes to `only` (null: to whatever it does). */
function exportingTo(configuration: unknown, only: string | null): unknown {
  const { service } = record(configuration);
  const rest = without(record(configuration), "exporters", "service");
  const pipelines = Object.entries(record(record(service)["pipelines"])).map(([name, pipeline]) => {
    const { exporters, ...others } = record(pipeline);
    return [name, only === null || isDeepStrictEqual(exporters, [only]) ? others : { ...others, exporters }];
  });
  return { ...rest, service: { ...record(service), pipelines: Object.fromEntries(pipelines) as unknown } };
}

function usesStandIns({ env }: Behaviour): boolean {
  return names(env, "_BUCKET") || names(env, "_QUEUE_URL");
}

/** A variable of the model's own wiring that ends so. */
function names(env: Behaviour["env"], suffix: string): boolean {
  return Object.keys(env).some((name) => name.endsWith(suffix));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function without<T>(given: Readonly<Record<string, T>>, ...names: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
}
