/**
 * What a compiled form costs in a month: each workload, and what they share. Left out: taxes, support, savings plans and
 * reservations, free tiers, traffic between zones, backups beyond what is free, certificates, and the functions that
 * rotate secrets (cents).
 */
import type { Problem, Result } from "../../platform/model/types.ts";
import type { CompiledStack, Form } from "../stack.ts";
import { demandOf } from "./demand.ts";
import { ecsParts } from "./ecs.ts";
import { eksParts } from "./eks.ts";
import { foundationParts } from "./foundation.ts";
import { inventoryOf } from "./inventory.ts";
import { estimateOf, together, type Estimate } from "./parts.ts";
import type { PriceBook } from "./price-book.ts";
import { storeParts } from "./stores.ts";
import { telemetryParts } from "./telemetry.ts";

/** What AWS bills. Any other cluster has a price of its own. */
export const PRICED = ["ecs", "eks"] as const;
export type Priced = (typeof PRICED)[number];

/**
 * @param form what `compileStack` made of the stack for one target
 * @param stack the same stack: its stores, and the counts that are usual
 * @returns every part in whole micro-dollars, which sum to the total; or all problems: a price that the book has not
 *   got, a workload that no machine holds, a book of another region
 */
export function estimate(
  form: Pick<Form, "target" | "behaviours">,
  stack: Pick<CompiledStack, "model" | "settings">,
  book: PriceBook,
): Result<Estimate> {
  const { target } = form;
  const { model, settings } = stack;
  if (target === "kubernetes") return refuse(notPriced(target));
  if (settings.region !== book.region) return refuse(elsewhere(settings.region, book));
  const workloads = new Map(model.workloads.map((workload) => [workload.name, workload]));
  const demands = Object.values(form.behaviours).map((each) => demandOf(each, workloads.get(each.name), book));
  const inventory = inventoryOf(model, settings);
  const compute = target === "ecs" ? ecsParts(demands, model, book) : eksParts(demands, model, settings, book);
  const shared = [
    ...foundationParts(model, inventory, book),
    ...telemetryParts(target, demands, inventory, settings.logRetentionDays, book),
  ];
  const parts = together([compute, storeParts(model, inventory, book), { ok: true, value: shared }]);
  return parts.ok ? { ok: true, value: estimateOf(parts.value) } : parts;
}

function refuse(problem: Problem): Result<never> {
  return { ok: false, problems: [problem] };
}

function notPriced(target: string): Problem {
  return { code: "not-priced", path: "--target", found: target, allowed: `${PRICED.join(" or ")}, which AWS bills` };
}

/** Prices differ by up to half between regions: one region's say nothing of another's. */
function elsewhere(region: string, book: PriceBook): Problem {
  return {
    code: "price-region",
    path: "settings.region",
    found: region,
    allowed: `${book.region}, which the prices are of, or prices of ${region} by --prices FILE`,
  };
}
