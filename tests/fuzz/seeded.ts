/** What all fuzz tests have in common: one seed, and a count of what was thrown at each part. */
import fc from "fast-check";

/** FUZZ_SEED tries others; a failure prints the one that it was found with. */
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_125);

export interface Count {
  /** Inputs that did not come by way of a property, or more than one in a run of one. */
  add(inputs: number): void;
}

/** Of the part whose tests run; undefined outside of the fuzz tests. */
let running: Count | undefined;
fc.installGlobalPlugin(() => ({ onAllRunsComplete: ({ numRuns }) => running?.add(numRuns) }));

/** To be called in a `describe`: its properties are seeded, counted, and the count is printed at its end. */
export function seeded(part: string): Count {
  let inputs = 0;
  const count: Count = { add: (more) => (inputs += more) };
  before(() => {
    running = count;
    fc.configureGlobal({ seed: SEED });
  });
  after(() => {
    running = undefined;
    fc.resetConfigureGlobal();
    console.log(`      ${part}: ${inputs} inputs, seed ${SEED}`);
  });
  return count;
}
