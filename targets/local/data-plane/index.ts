export { startDataPlane } from "./start.ts";
export type { Component, DataPlane, DataPlaneDeath, DataPlaneOptions, TopicSpec } from "./types.ts";
