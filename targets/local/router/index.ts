export { startRouter } from "./start.ts";
export { RouterError } from "./types.ts";
export type {
  Forward,
  GroupMetrics,
  GroupSpec,
  RequestResult,
  Router,
  RouterOptions,
  RuleSpec,
  TargetHealth,
  TargetSpec,
  TargetState,
} from "./types.ts";
