/** Public paths → an Ingress for whatever controller the cluster has. */
import type { Service } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Ingress, Manifest } from "./forms.ts";

/**
 * `/api/*` is everything under `/api`, a path without `*` is exactly that. With a domain all of them are paths of one
 * host; without one they answer to any.
 */
export function ingress(
  metadata: NonNullable<Ingress["metadata"]> & { readonly name: string },
  paths: readonly string[],
  protocol: Service["port"]["protocol"],
  settings: Settings,
): Manifest {
  const { ingressClass, domain, tlsSecret } = settings.kubernetes;
  const backend = { service: { name: metadata.name, port: { name: "http" } } };
  const annotations = protocol === "websocket" ? idleTimeout(settings) : {};
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { ...metadata, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: {
      ...(ingressClass === undefined ? {} : { ingressClassName: ingressClass }),
      ...(domain !== undefined && tlsSecret !== undefined ? { tls: [{ hosts: [domain], secretName: tlsSecret }] } : {}),
      rules: [
        {
          ...(domain === undefined ? {} : { host: domain }),
          http: {
            paths: paths.map((path) =>
              path.endsWith("/*")
                ? { path: path.slice(0, -2) || "/", pathType: "Prefix", backend }
                : { path, pathType: "Exact", backend },
            ),
          },
        },
      ],
    },
  };
}

/**
 * How long a quiet WebSocket stays open, in the words of the controllers that close one by themselves. Ours are never
 * quiet for long: each server pings its clients.
 * @source ingress-nginx, "Annotations"; HAProxy Ingress, "Configuration keys"
 */
function idleTimeout({
  kubernetes: { ingressClass },
  edge: { idleTimeout: seconds },
}: Settings): Record<string, string> {
  if (ingressClass === "nginx") {
    return {
      "nginx.ingress.kubernetes.io/proxy-read-timeout": String(seconds),
      "nginx.ingress.kubernetes.io/proxy-send-timeout": String(seconds),
    };
  }
  return ingressClass === "haproxy" ? { "haproxy-ingress.github.io/timeout-tunnel": `${seconds}s` } : {};
}
