export * from "./logs.ts";
export * from "./alarms.ts";
export * from "./workloads.ts";
