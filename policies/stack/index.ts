export * from "./orphans.ts";
export * from "./pointers.ts";
export * from "./consistency.ts";
