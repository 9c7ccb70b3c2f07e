import { expect } from "chai";
import { scheduleExpression } from "../../../targets/ecs/schedule.ts";
import { problemsOf, valueOf, workload } from "../../support/stacks.ts";

const training = workload("model-training", "job");

describe("scheduleExpression", () => {
  /** Five fields and what EventBridge's documentation makes of them: Sunday is 1, one day field is `?`. */
  const cases: readonly [five: string, six: string][] = [
    ["0 3 * * *", "cron(0 3 * * ? *)"],
    ["*/15 * * * *", "cron(*/15 * * * ? *)"],
    ["0 0 1 * *", "cron(0 0 1 * ? *)"],
    ["0 12 * * 1-5", "cron(0 12 ? * 2-6 *)"],
    ["0 12 * * 0", "cron(0 12 ? * 1 *)"],
    ["0 12 * * 7", "cron(0 12 ? * 1 *)"],
    ["0 12 * * MON,WED", "cron(0 12 ? * MON,WED *)"],
    ["30 6 * 1,7 6", "cron(30 6 ? 1,7 7 *)"],
  ];
  for (const [five, six] of cases) {
    it(`${five} → ${six}`, () => expect(valueOf(scheduleExpression(training, five))).to.equal(six));
  }

  it("refuses a weekday that is none", () => {
    expect(problemsOf(scheduleExpression(training, "0 3 * * 8")).map(({ code }) => code)).to.deep.equal([
      "schedule-weekday",
    ]);
  });
});
