/** The stores of a cluster that has no foundation beside it. */
export { stores } from "./stores.ts";
