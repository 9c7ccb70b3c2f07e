/** What leads to pods: Services, and the Ingresses before them. */
import type { Fields } from "../fields.ts";
import { selectsNothing, type Labels, type Selector } from "./metadata.ts";

export interface ServiceObject {
  readonly selects: Selector;
  readonly ports: readonly { readonly port: number; readonly target: string | number }[];
}

export function readServiceObject(fields: Fields): ServiceObject {
  const selector = fields.map("selector");
  fields.aside("addresses that the cluster gives", "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy");
  fields.aside("how it balances", "internalTrafficPolicy", "externalTrafficPolicy", "trafficDistribution");
  fields.aside("a cloud's balancer", "loadBalancerClass", "loadBalancerIP", "loadBalancerSourceRanges");
  fields.aside("ports of nodes", "allocateLoadBalancerNodePorts", "healthCheckNodePort");
  fields.unsaid("externalIPs", "addresses from outside", "route");
  fields.unsaid("externalName", "a name outside of the cluster", "uses");
  fields.unsaid("publishNotReadyAddresses", "that it sends to what is not ready");
  fields.ours("sessionAffinity", ["None"], "that a client keeps its replica");
  fields.unsaid("sessionAffinityConfig", "that a client keeps its replica");
  const type = fields.text("type") ?? "ClusterIP";
  if (type !== "ClusterIP") fields.note("unsaid", "type", `an entrance of its own (${type})`, "route");
  const ports = fields.list("ports", (each) => {
    each.aside("how it is called", "name", "protocol", "appProtocol", "nodePort");
    const port = each.whole("port") ?? 0;
    return { port, target: each.scalar("targetPort") ?? port };
  });
  const wanted = [...selector];
  // One without a selector is fed by somebody else.
  return { selects: wanted.length === 0 ? selectsNothing : (labels) => matches(wanted, labels), ports };
}

function matches(wanted: readonly (readonly [string, string])[], labels: Labels): boolean {
  return wanted.every(([key, value]) => labels.get(key) === value);
}

/** Paths in the model's notation, each with the Service behind it. */
export type Paths = readonly { readonly path: string; readonly service: string }[];

export function readIngress(fields: Fields): Paths {
  fields.aside("who serves it, and its certificate", "ingressClassName", "tls");
  const fallback = fields.object("defaultBackend", backend);
  const rules = fields.list("rules", (rule) => {
    if (rule.text("host") !== undefined) rule.note("unsaid", "host", "a host name; the model has paths alone", "route");
    return rule.object("http", (http) => http.list("paths", ingressPath)) ?? [];
  });
  return [...rules.flat(), ...(fallback === undefined ? [] : [{ path: "/*", service: fallback }])];
}

function ingressPath(fields: Fields): Paths[number] {
  const path = fields.text("path") ?? "/";
  const prefix = fields.text("pathType") !== "Exact";
  return { path: prefix ? `${path.replace(/\/$/, "")}/*` : path, service: fields.object("backend", backend) ?? "" };
}

function backend(fields: Fields): string | undefined {
  fields.unsaid("resource", "a backend that is no Service", "route");
  return fields.object("service", (service) => {
    service.aside("which of its ports", "port");
    return service.text("name");
  });
}
