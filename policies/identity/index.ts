export * from "./permissions.ts";
export * from "./trust.ts";
export * from "./functions.ts";
