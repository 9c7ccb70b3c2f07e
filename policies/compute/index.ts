export * from "./tasks.ts";
export * from "./containers.ts";
export * from "./fargate.ts";
export * from "./services.ts";
export * from "./clusters.ts";
export * from "./machines.ts";
