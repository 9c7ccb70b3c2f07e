export { SideError } from "./errors.ts";
export { buildOf, entriesUnder, type EntryOf } from "./images.ts";
export type { Replica, ReplicaExit } from "./replica.ts";
export { createSide, type Side, type SideOptions, type SideState } from "./side.ts";
export type { WorkloadState } from "./workload.ts";
