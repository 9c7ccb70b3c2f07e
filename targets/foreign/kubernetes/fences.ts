/** What bounds pods from outside: disruption budgets and network policies. */
import type { Fields } from "../fields.ts";
import { share } from "./controllers.ts";
import { readSelector, selectsNothing, type Selector } from "./metadata.ts";

export interface Budget {
  readonly selects: Selector;
  readonly maxUnavailable: string | number | undefined;
  readonly minAvailable: string | number | undefined;
}

export function readBudget(fields: Fields): Budget {
  fields.aside("whether what is broken may go", "unhealthyPodEvictionPolicy");
  return {
    selects: fields.object("selector", readSelector) ?? selectsNothing,
    maxUnavailable: share(fields, "maxUnavailable"),
    minAvailable: share(fields, "minAvailable"),
  };
}

export interface Policy {
  readonly selects: Selector;
  /** Ports open towards any address; null: it does not bound what goes out. */
  readonly internet: readonly number[] | null;
}

export function readPolicy(fields: Fields): Policy {
  const types = fields.texts("policyTypes");
  const selects = fields.object("podSelector", readSelector) ?? ((): boolean => true);
  fields.aside("who may come in", "ingress");
  const bounded = types.includes("Egress") || fields.has("egress");
  const open = fields.list("egress", (rule) => {
    const anywhere = rule.list("to", (peer) => {
      peer.aside("other pods", "podSelector", "namespaceSelector");
      return peer.object("ipBlock", (block) => {
        block.aside("what is left out", "except");
        return block.text("cidr") === "0.0.0.0/0";
      });
    });
    const ports = rule.list("ports", (each) => {
      each.aside("how it is called", "protocol", "endPort");
      return Number(each.scalar("port") ?? 0);
    });
    return anywhere.includes(true) ? ports : [];
  });
  return { selects, internet: bounded ? [...new Set(open.flat())].sort((a, b) => a - b) : null };
}
