export { SECRET_MARKER, type Registered, type Run } from "../../../policies/program/types.ts";
