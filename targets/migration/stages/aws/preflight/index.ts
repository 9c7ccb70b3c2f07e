/** Everything that can be known before a migration on AWS begins. */
export { runPreflight, type PreflightOptions } from "./preflight.ts";
export { costText, hourlyCost, type HourlyCost } from "./cost.ts";
