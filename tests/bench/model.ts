/** A model of any size, for growth: the catalogue's API again and again under other names, each calling the one before. */
import type { Model, Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import { dev, devModel, workload } from "../support/stacks.ts";

/** The largest subnets that a VPC of three zones has: a thousand services want addresses on both sides at once. */
export const roomy: Settings = {
  ...dev,
  network: { ...dev.network, private: ["10.20.64.0/18", "10.20.128.0/18", "10.20.192.0/18"] },
};

/** `services` copies beside the collector that they report to; what is quadratic anywhere shows in a chain of calls. */
export function modelOf(services: number): Model {
  const api = workload("api-service", "service");
  const copies = Array.from({ length: services }, (_, index): Workload => {
    const next = { as: "NEXT", to: { kind: "service", name: `service-${index - 1}` }, access: "call" } as const;
    return {
      ...api,
      name: `service-${index}`,
      slug: `s-${index}`,
      port: { ...api.port, number: 10_000 + index },
      route: { paths: [`/s-${index}`] },
      scaling: { ...api.scaling, min: 1, desired: 1, max: 1 },
      uses: index === 0 ? api.uses : [...api.uses, next],
    };
  });
  const reported = api.uses.flatMap(({ to }) => (to.kind === "service" ? [to.name] : []));
  return { ...devModel, workloads: [...copies, ...devModel.workloads.filter(({ name }) => reported.includes(name))] };
}
