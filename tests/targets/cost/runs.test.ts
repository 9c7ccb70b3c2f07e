import { expect } from "chai";
import { runsPerMonth } from "../../../targets/cost/runs.ts";

/** Runs in a year of 365 days, by hand; 2026 begins on a Thursday and has 52 weeks and one day. */
const YEARS: readonly [schedule: string, runs: number, why: string][] = [
  ["0 3 * * *", 365, "once a day"],
  ["*/15 * * * *", 365 * 96, "four times an hour"],
  ["10-40/10 0,12 * * *", 365 * 8, "four minutes in two hours"],
  ["5/20 0 * * *", 365 * 3, "minutes 5, 25 and 45"],
  ["0 0 1 * *", 12, "the first of each month"],
  ["0 0 31 * *", 7, "seven months have a 31st"],
  ["0 0 1 jan,7 *", 2, "months by name and by number"],
  ["0 0 * * 1", 52, "Mondays"],
  ["0 0 * * THU", 53, "Thursdays, one more of them"],
  ["0 0 * * 0", 52, "Sundays"],
  ["0 0 * * 7", 52, "Sundays too"],
  ["0 0 * * MON-FRI", 261, "working days"],
  ["0 0 1 * 1", 52 + 12 - 1, "Mondays and firsts, of which 1 June is both"],
];

describe("runs a month", () => {
  for (const [schedule, runs, why] of YEARS) {
    it(`${schedule}: ${why}`, () => {
      expect(runsPerMonth(schedule)).to.be.closeTo(runs / 12, 1e-9);
    });
  }
});
