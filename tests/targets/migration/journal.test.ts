import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { type JournalEntry, JournalError, parseJournal } from "../../../targets/migration/journal.ts";
import { openJournal, readJournal } from "../../../targets/migration/journal-file.ts";
import { runMigration } from "../../../targets/migration/run.ts";
import { decideStart, unfinishedOf } from "../../../targets/migration/resume.ts";
import { planned } from "./fixtures.ts";
import { simulate } from "./simulated-stage.ts";

const by = { pid: 1, host: "here" };
const begun: JournalEntry = { at: 1, type: "begun", run: "r1", by, stage: "aws", stack: "dev", plan: planned() };

async function wholeJournal(): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [begun];
  const stage = { ...simulate({ from: "ecs", to: "kubernetes" }), lasting: true };
  const journal = { append: (entry: JournalEntry) => void entries.push(entry) };
  await runMigration(planned(), stage, { signal: new AbortController().signal, now: stage.now, journal });
  return entries;
}

describe("a journal", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "journal-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("has a start before each step and an end after it, and one finish", async () => {
    const entries = await wholeJournal();
    const told = entries.map((entry) =>
      entry.type === "started" ? `> ${entry.step}` : entry.type === "ended" ? `< ${entry.record.id}` : entry.type,
    );
    expect(told).to.deep.equal(["begun", ...planned().steps.flatMap(({ id }) => [`> ${id}`, `< ${id}`]), "finished"]);
    expect(unfinishedOf(entries)).to.equal(null);
  });

  it("comes back as it was written", async () => {
    const entries = await wholeJournal();
    const path = join(folder, "deep", "journal.jsonl");
    const journal = openJournal(path);
    for (const entry of entries) journal.append(entry);
    journal.close();
    expect(readJournal(path)).to.deep.equal(entries);
  });

  it("loses the torn line and nothing else, wherever the write was torn, and goes on behind it", () => {
    const path = join(folder, "journal.jsonl");
    const third: JournalEntry = { at: 3, type: "finished", ending: "settled" };
    const lines = [begun, { at: 2, type: "resumed", by, mode: "resume" }, third].map(
      (entry) => `${JSON.stringify(entry)}\n`,
    );
    const last = Buffer.from(lines[2] ?? "");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: last.length - 1 }), (cut) => {
        writeFileSync(path, lines.slice(0, 2).join(""));
        appendFileSync(path, last.subarray(0, cut));
        expect(readJournal(path).map(({ type }) => type)).to.deep.equal(["begun", "resumed"]);
        const journal = openJournal(path);
        journal.append(third);
        journal.close();
        expect(readFileSync(path, "utf8")).to.equal(lines.join(""));
      }),
    );
  });

  it("takes zeros at the end, as a crash may leave them, for a torn line", () => {
    const path = join(folder, "journal.jsonl");
    writeFileSync(path, `${JSON.stringify(begun)}\n${"\0".repeat(100)}`);
    expect(readJournal(path)).to.have.length(1);
  });

  it("refuses a damaged line in the middle, by its number", () => {
    const text = `${JSON.stringify(begun)}\n{"at":2,"type":"sta\n${JSON.stringify({ at: 3, type: "finished", ending: "settled" })}\n`;
    expect(() => parseJournal(text)).to.throw(JournalError, "Line 2 of the journal is damaged");
  });

  it("begins nothing that cannot be written down, and goes back all the same", async () => {
    const stage = { ...simulate({ from: "ecs", to: "kubernetes" }), lasting: true };
    let room = 20;
    const journal = {
      append: () => {
        if (room-- <= 0) throw new Error("no space left on device");
      },
    };
    const outcome = await runMigration(planned(), stage, {
      signal: new AbortController().signal,
      now: stage.now,
      journal,
    });
    expect(outcome.ending).to.equal("rolledBack");
    expect(outcome.failures.map(({ sentence }) => sentence)).to.include("no space left on device");
    expect(stage.actualWeights()).to.deep.equal({ ecs: 100, kubernetes: 0 });
  });
});

describe("decideStart", () => {
  const NONE = { resume: false, rollBack: false };
  const underWay = unfinishedOf([
    begun,
    {
      ...{ at: 2, type: "started", step: "shift-10" },
      progress: {
        ...{ opened: true, deployed: true, shifted: true, workersMoved: false, committed: false },
        ...{ weights: { ecs: 99, kubernetes: 1 }, baseline: null, waysBack: [] },
      },
    },
  ]);

  it("starts afresh where nothing is unfinished, and has nothing to go on with", () => {
    expect(decideStart(null, NONE, true)).to.deep.equal({ how: "fresh", note: null });
    const resumed = decideStart(null, { ...NONE, resume: true }, true);
    expect(resumed).to.deep.equal({ how: "refused", sentence: "There is no unfinished migration to resume." });
  });

  it("refuses an unfinished one that lasts, and says where it is and what there is", () => {
    const start = decideStart(underWay, NONE, true);
    expect(start.how === "refused" && start.sentence).to.equal(
      "A migration has begun and not ended (ecs → kubernetes of stack dev, in step “Shift 10 % to kubernetes”). " +
        "--resume goes on from there, --roll-back takes everything back.",
    );
  });

  it("goes on or back by wish, and not both", () => {
    const again = decideStart(underWay, { ...NONE, resume: true }, true);
    expect(again.how === "again" && again.resumption.mode).to.equal("resume");
    const back = decideStart(underWay, { ...NONE, rollBack: true }, true);
    expect(back.how === "again" && back.resumption.from.inFlight).to.equal("shift-10");
    expect(decideStart(underWay, { resume: true, rollBack: true }, true).how).to.equal("refused");
  });

  it("has no way back once the old side is being stopped", () => {
    const committed = underWay && { ...underWay, progress: { ...underWay.progress, committed: true } };
    const start = decideStart(committed, { ...NONE, rollBack: true }, true);
    expect(start.how === "refused" && start.sentence).to.contain("there is no way back any more; --resume goes on");
  });

  it("starts afresh where everything died with its process, after saying so", () => {
    const start = decideStart(underWay, NONE, false);
    expect(start.how === "fresh" && start.note).to.contain(
      "Its processes and data died with it; this one starts afresh.",
    );
    expect(decideStart(underWay, { ...NONE, resume: true }, false).how).to.equal("refused");
  });
});
