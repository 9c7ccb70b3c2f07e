export * from "./services.ts";
export * from "./stack.ts";
export * from "./machines.ts";
export * from "./storage.ts";
export * from "./scaling.ts";
export * from "./monthly-cost.ts";
