export * from "./machines.ts";
export * from "./stores.ts";
