/** A model of any size, for growth: the catalogue's API again and again under other names, each calling the one before. */
import type { Model, Workload } from "../../platform/model/types.ts";
import { devModel, workload } from "../support/stacks.ts";

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
      uses: index === 0 ? api.uses : [...api.uses, next],
    };
  });
  const reported = api.uses.flatMap(({ to }) => (to.kind === "service" ? [to.name] : []));
  return { ...devModel, workloads: [...copies, ...devModel.workloads.filter(({ name }) => reported.includes(name))] };
}
