export * from "./pod-security.ts";
export * from "./kernel.ts";
export * from "./containers.ts";
export * from "./resources.ts";
export * from "./lifecycle.ts";
export * from "./cluster.ts";
export * from "./fences.ts";
