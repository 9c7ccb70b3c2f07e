export { compareSides, isForeignFinding, type ForeignParity } from "./compare.ts";
export { importSides, type Imported } from "./import/model.ts";
export { modelFile } from "./import/write.ts";
export type { Note } from "./log.ts";
export { readSide, readSides } from "./side.ts";
export type { Finding } from "./verdict.ts";
