export { createLocalStage, type LoadRates, type LocalStage, type LocalStageOptions } from "./stage.ts";
export type { Carried } from "./workloads.ts";
