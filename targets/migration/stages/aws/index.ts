export { createAwsStage, type AwsStageOptions } from "./stage.ts";
export { costText, hourlyCost, runPreflight, type HourlyCost } from "./preflight/index.ts";
export type { AwsPorts } from "./ports.ts";
