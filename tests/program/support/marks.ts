export { plain, unmarked } from "../../../policies/program/marks.ts";
