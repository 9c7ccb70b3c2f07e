export type { Fault, Premises, Strike } from "./fault.ts";
export { faultNamed, faults } from "./table.ts";
export { wrongPassword } from "./wrong-secret.ts";
