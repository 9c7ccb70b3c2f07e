export * from "./databases.ts";
export * from "./database-operation.ts";
export * from "./caches.ts";
export * from "./brokers.ts";
export * from "./buckets.ts";
export * from "./images.ts";
export * from "./messages.ts";
export * from "./secrets.ts";
