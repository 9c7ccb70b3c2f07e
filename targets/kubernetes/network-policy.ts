/** Who may talk to whom → a NetworkPolicy for each workload, beside the namespace's default deny. */
import { reachOf, type Opening } from "../../platform/model/reach.ts";
import type { Model, Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Manifest } from "./forms.ts";
import { metadata, selector } from "./names.ts";
import { DNS, type Place, type Way } from "./place.ts";

export function networkPolicy(workload: Workload, model: Model, settings: Settings, place: Place): Manifest {
  const { accepts, reaches } = reachOf(workload, model);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadata(workload, model, settings),
    spec: {
      podSelector: { matchLabels: selector(workload.name) },
      policyTypes: ["Ingress", "Egress"],
      ingress: ways(accepts, place).map((way) => ({ from: way.peers, ports: ports(way) })),
      egress: [
        ...[...ways(reaches, place), ...place.more(workload)].map((way) => ({ to: way.peers, ports: ports(way) })),
        DNS,
      ],
    },
  };
}

function ways(openings: readonly Opening[], { wayOf }: Place): readonly Way[] {
  return openings.flatMap((opening) => wayOf(opening) ?? []);
}

function ports({ port }: Way) {
  return [{ protocol: "TCP", port }];
}
