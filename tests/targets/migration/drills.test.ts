import { expect } from "chai";
import { faults } from "../../../targets/local/faults/index.ts";
import {
  chooseDrills,
  type Drill,
  type DrillEvidence,
  DRILLS,
  judgeDrill,
  type Seen,
} from "../../../targets/migration/drills.ts";
import { announcement, drillTable } from "../../../targets/migration/drills-table.ts";

const ROLLS_BACK: Drill = {
  ...{ name: "postgres-killed", when: "at 50 %", expected: "rolledBack", failsAt: ["gate-50"] },
  ...{ speed: 10, seconds: 100 },
};
const GOES_THROUGH: Drill = { ...ROLLS_BACK, name: "poison", expected: "settled", failsAt: [] };
const KILLED: Drill = { ...GOES_THROUGH, name: "killed", expected: "killedThenSettled" };

function evidence(changes: Partial<DrillEvidence> = {}): DrillEvidence {
  return {
    ending: "settled",
    headline: "Migrated",
    ...{ failures: [], steps: [], waysBack: [], faultMilliseconds: null },
    totals: { requests: 9, acknowledgedWrites: 4, subscribers: 2, feedMessages: 3, lost: 0, doubled: 0 },
    accounts: [{ subject: "writes", what: "writes", acknowledged: 4, lost: 0, doubled: 0, examples: [] }],
    ...changes,
  };
}

const rolledBack = evidence({
  ending: "rolledBack",
  failures: [{ step: "gate-50", title: "Watch 50 %", sentence: "No.", verdict: null }],
  steps: [
    {
      ...{ id: "rollback", title: "Back", phase: "Roll back", kind: "rollback", state: "done", details: [] },
      ...{ startMilliseconds: 41_000, milliseconds: 10, weights: null, failure: null },
    },
  ],
  waysBack: [
    {
      ...{ step: "rollback", because: "failure", trafficMilliseconds: 3, workersMilliseconds: null },
      weights: { ecs: 100, eks: 0 },
    },
  ],
  faultMilliseconds: 38_000,
});

function seen(changes: Partial<Seen> = {}): Seen {
  return { evidence: evidence(), killed: false, toldOfKill: false, leftBehind: [], ...changes };
}

describe("targets/migration/drills", () => {
  it("has a drill for every fault, and none twice", () => {
    expect(DRILLS.map(({ name }) => name)).to.have.members(faults.map(({ name }) => name));
  });

  it("a rollback at its step is as it must be, timed from the gate and from the fault", () => {
    const result = judgeDrill(ROLLS_BACK, "Broken.", seen({ evidence: rolledBack }));
    expect(result).to.include({ asExpected: true, fromGateMilliseconds: 3, fromFaultMilliseconds: 3_003, lost: 0 });
  });

  const wrong: readonly [what: string, drill: Drill, seen: Seen, sentence: RegExp][] = [
    ["another ending", ROLLS_BACK, seen(), /ended went through and not rolled back/],
    [
      "another step",
      { ...ROLLS_BACK, failsAt: ["gate-1"] },
      seen({ evidence: rolledBack }),
      /gate-50 failed, and not gate-1/,
    ],
    ["a loss", GOES_THROUGH, seen({ evidence: evidence({ totals: { ...evidence().totals, lost: 2 } }) }), /lost: 2/],
    [
      "a double",
      GOES_THROUGH,
      seen({ evidence: evidence({ totals: { ...evidence().totals, doubled: 1 } }) }),
      /doubled: 1/,
    ],
    ["no account", GOES_THROUGH, seen({ evidence: evidence({ accounts: [] }) }), /Nothing was accounted for/],
    ["no evidence", GOES_THROUGH, seen({ evidence: null }), /ended without evidence/],
    ["a process left", GOES_THROUGH, seen({ leftBehind: ["process 7 (java)"] }), /process 7 \(java\) was left behind/],
    ["a kill that is not told of", KILLED, seen({ killed: true }), /did not say/],
    ["no kill", KILLED, seen(), /ended went through and not killed/],
  ];
  for (const [what, drill, ended, sentence] of wrong) {
    it(`${what} is not as it must be, in a sentence`, () => {
      const result = judgeDrill(drill, "Broken.", ended);
      expect(result.asExpected).to.equal(false);
      expect(result.wrong.join(" ")).to.match(sentence);
    });
  }

  it("a killed rehearsal is judged by the next start", () => {
    expect(judgeDrill(KILLED, "Broken.", seen({ killed: true, toldOfKill: true })).asExpected).to.equal(true);
  });

  it("chooses by name in its own order, all, or says what it does not know", () => {
    expect(chooseDrills(["poison", "slow"])).to.deep.equal({
      drills: DRILLS.filter(({ name }) => name === "slow" || name === "poison"),
    });
    expect(chooseDrills(["all"])).to.deep.equal({ drills: DRILLS });
    expect(chooseDrills(["slow", "meteor"])).to.deep.equal({ unknown: ["meteor"] });
  });

  it("one row a drill, what was broken, and what is wrong", () => {
    const text = drillTable([
      judgeDrill(ROLLS_BACK, "Postgres is killed.", seen({ evidence: rolledBack })),
      judgeDrill(KILLED, "The rehearsal is killed.", seen({ evidence: null })),
    ]);
    expect(text)
      .to.match(
        /^✓ +postgres-killed +at 50 % +rolled back +rolled back +3 ms after the gate, 3\.0 s after the fault +0 +0$/m,
      )
      .and.to.match(/^✗ +killed .* \? +\?$/m)
      .and.to.include("killed: The rehearsal is killed.")
      .and.to.include("1 of 2 ended as they must");
  });

  it("announces how long it takes", () => {
    expect(announcement([{ seconds: 61 }])).to.equal("1 drill, about 2 minutes");
    expect(announcement([{ seconds: 30 }, { seconds: 30 }])).to.equal("2 drills, about 1 minute");
  });
});
