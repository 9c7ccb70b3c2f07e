/** Whatever scales says how far. */
import { resourceRule } from "../framework/rule.ts";
import type { Subject } from "../framework/given.ts";

interface Scaled {
  readonly spec?: { readonly maxReplicaCount?: number };
}

const scaled: Subject<Scaled> = {
  types: ["kubernetes:keda.sh/v1alpha1:ScaledObject", "kubernetes:keda.sh/v1alpha1:ScaledJob"],
  view: (props) => props,
};

export const scalingHasAnEnd = resourceRule({
  name: "limits-scaling-has-an-end",
  description: "What KEDA scales says how far; without it, it goes to a hundred.",
  controls: ["Limits Kubernetes"],
  severity: "medium",
  remedy: "Set maxReplicaCount.",
  on: scaled,
  *check({ spec }) {
    if (spec?.maxReplicaCount === undefined) {
      yield { at: "spec.maxReplicaCount", found: undefined, allowed: "a number" };
    }
  },
});
