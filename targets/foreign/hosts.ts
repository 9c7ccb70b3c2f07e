/** Addresses → the workload behind them, whatever the platform's DNS. */

/** By host name; the port that is dialled → the port that the workload listens on. */
export type Hosts = ReadonlyMap<string, { readonly workload: string; readonly ports: ReadonlyMap<number, number> }>;

const URL_OF_WORKLOAD = /^http:\/\/([a-z0-9]([a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?$/;

/**
 * `http://auth:8080` and `http://auth.shop.svc.cluster.local` → `workload://auth:<its port>`. A name of one label that
 * the files do not explain is taken for a workload's: nothing else has such names.
 */
export function neutralUrl(value: string, hosts: Hosts): string {
  const [, host = "", , digits = "80"] = URL_OF_WORKLOAD.exec(value) ?? [];
  if (host === "" || host === "localhost") return value;
  const [first = "", namespace, svc] = host.split(".");
  const known = hosts.get(host) ?? (namespace !== undefined && svc === "svc" ? hosts.get(first) : undefined);
  const port = Number(digits);
  if (known) return `workload://${known.workload}:${known.ports.get(port) ?? port}`;
  return namespace === undefined || svc === "svc" ? `workload://${first}:${port}` : value;
}
