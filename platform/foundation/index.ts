/** What both sides of a migration share, and what never moves. */
export { filled, filledDeep, keyOf, type Resolve } from "./fill.ts";
export { createFoundation, type Foundation } from "./foundation.ts";
export { policy, trust, trustBy, type Statement } from "./policy.ts";
export type { Edge } from "./edge.ts";
export { threeZones } from "./zones.ts";
export { createAlarm } from "./alarms.ts";
export { refuseFlip } from "./flip.ts";
