/** HorizontalPodAutoscaler, of any version that clusters still hand out. */
import type { ScalingBehaviour } from "../../../platform/model/behaviour.ts";
import type { Fields } from "../fields.ts";
import { quantityOf } from "./quantities.ts";

export interface Autoscaler {
  readonly target: { readonly kind: string; readonly name: string };
  readonly scaling: ScalingBehaviour;
}

/** @source Kubernetes API reference, HorizontalPodAutoscaler v2 */
const SCALING = { downWindow: 300, upPeriod: 15, cpu: 80 } as const;

export function readAutoscaler(fields: Fields): Autoscaler {
  const target = fields.object("scaleTargetRef", (each) => {
    each.aside("a version of the API", "apiVersion");
    return { kind: each.text("kind") ?? "", name: each.text("name") ?? "" };
  });
  const metrics = fields.list("metrics", metric);
  const first = fields.whole("targetCPUUtilizationPercentage");
  const targets = first === undefined ? metrics.flat() : [["cpu", first] as const];
  const cooldowns = fields.object("behavior", (behaviour) => ({
    out: behaviour.object("scaleUp", (up) => {
      up.ours("stabilizationWindowSeconds", [0], "how far growing looks back");
      return rules(up);
    }),
    in: behaviour.object("scaleDown", (down) => {
      const window = down.whole("stabilizationWindowSeconds");
      rules(down);
      return window;
    }),
  }));
  return {
    target: target ?? { kind: "", name: "" },
    scaling: {
      min: fields.whole("minReplicas") ?? 1,
      max: fields.whole("maxReplicas") ?? 1,
      // Without a metric the API server puts CPU there.
      targets: Object.fromEntries(targets.length > 0 ? targets : [["cpu", SCALING.cpu]]),
      outCooldown: cooldowns?.out ?? SCALING.upPeriod,
      inCooldown: cooldowns?.in ?? SCALING.downWindow,
    },
  };
}

function rules(fields: Fields): number | undefined {
  fields.aside("which of its rules counts", "selectPolicy", "tolerance");
  const periods = fields.list("policies", (policy) => {
    policy.aside("how far one step goes", "type", "value");
    return policy.whole("periodSeconds") ?? 0;
  });
  return periods.length > 0 ? Math.max(...periods) : undefined;
}

function metric(fields: Fields): readonly (readonly [string, number])[] {
  fields.aside("what kind it is", "type");
  const resource = (each: Fields): readonly [string, number] | undefined => {
    const name = each.text("name") ?? "";
    if (each.text("container") !== undefined) each.note("unsaid", "container", "one container's use alone", "scaling");
    const old = each.whole("targetAverageUtilization");
    const target = old ?? each.object("target", targetValue);
    return target === undefined ? undefined : [name, target];
  };
  const found = fields.object("resource", resource) ?? fields.object("containerResource", resource);
  const outside = fields.object("external", (each) => {
    const name = each.object("metric", (one) => {
      one.aside("which of its series", "selector");
      return one.text("name");
    });
    return [name ?? "", each.object("target", targetValue) ?? 0] as const;
  });
  for (const name of ["pods", "object"]) fields.unsaid(name, "scaling on a metric of its own", "scaling");
  return [...(found ? [found] : []), ...(outside ? [outside] : [])];
}

/** Percent where it is a share of the request, else what a replica has. */
function targetValue(fields: Fields): number | undefined {
  fields.aside("what kind it is", "type");
  const share = fields.whole("averageUtilization");
  if (share !== undefined) return share;
  const [average, value] = ["averageValue", "value"].map((name) => {
    const given = fields.scalar(name);
    return quantityOf(fields, new Map(given === undefined ? [] : [[name, given]]), name, "");
  });
  if (average !== undefined || value !== undefined)
    fields.note("unsaid", "", "a target that is no share of the request", "scaling");
  return average ?? value;
}
