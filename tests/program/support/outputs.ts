/** What a provider would add: the policy command needs it too, so a new type goes into policies/program/outputs.ts. */
export { stateOf } from "../../../policies/program/outputs.ts";
