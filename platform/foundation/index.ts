/** What both sides of a migration share, and what never moves. */
export { attachable, attachTo } from "./attach.ts";
export { filled, filledDeep, keyOf, type Resolve } from "./fill.ts";
export { createFoundation, type OwnFoundation } from "./foundation.ts";
export type { Foundation } from "./shared.ts";
export { policy, trust, trustBy, type Statement } from "./policy.ts";
export { threeZones } from "./zones.ts";
export { createAlarm } from "./alarms.ts";
export { readOutputs } from "./stack-outputs.ts";
export { SIDES_TAG, weightsTags } from "./flip.ts";
