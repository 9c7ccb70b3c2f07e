import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Processes, takeFileLock } from "../../../targets/migration/lock-file.ts";
import { LockedError, LockLostError } from "../../../targets/migration/lock.ts";

/** A machine with these processes, seen by one of them. */
const machine = (pid: number, alive: Readonly<Record<number, string>>, host = "here"): Processes => ({
  ...{ pid, host },
  startOf: (each) => alive[each] ?? null,
});

describe("takeFileLock", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lock-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is taken once, and again when it was given back", async () => {
    const alive = { 1: "a", 2: "b" };
    const first = takeFileLock(folder, "r1", machine(1, alive));
    expect(() => takeFileLock(folder, "r2", machine(2, alive))).to.throw(
      LockedError,
      "Another rehearsal runs: process 1 on here",
    );
    await first.verify();
    await first.release();
    await first.release();
    const second = takeFileLock(folder, "r2", machine(2, alive));
    await second.verify();
    expect(readdirSync(folder)).to.deep.equal(["r2.json"]);
  });

  it("is taken over from a process that is gone, and from one whose number another has by now", () => {
    takeFileLock(folder, "r1", machine(1, { 1: "a" }));
    takeFileLock(folder, "r2", machine(2, { 2: "b" }));
    expect(readdirSync(folder)).to.deep.equal(["r2.json"]);
    takeFileLock(folder, "r3", machine(3, { 2: "later", 3: "c" }));
    expect(readdirSync(folder)).to.deep.equal(["r3.json"]);
  });

  it("is not taken from another machine, and says which file to delete", () => {
    takeFileLock(folder, "r1", machine(1, { 1: "a" }, "there"));
    expect(() => takeFileLock(folder, "r2", machine(2, { 2: "b" }))).to.throw(
      LockedError,
      `delete ${join(folder, "r1.json")}`,
    );
  });

  it("gives way to a claim that came in the meantime: of two at once none or one goes on, never both", () => {
    const alive = { 1: "a", 2: "b" };
    let second: unknown;
    // The second one comes just when the first looks whether anybody else is alive.
    const first = {
      ...machine(1, alive),
      startOf: (pid: number): string | null => {
        if (second === undefined) {
          second = null;
          try {
            second = takeFileLock(folder, "r2", machine(2, alive));
          } catch (error) {
            second = error;
          }
        }
        return pid === 1 || pid === 2 ? alive[pid] : null;
      },
    };
    let one: unknown;
    try {
      one = takeFileLock(folder, "r1", first);
    } catch (error) {
      one = error;
    }
    expect([one, second].filter((each) => !(each instanceof LockedError)).length).to.be.at.most(1);
  });

  it("is lost when somebody takes it away", async () => {
    const lock = takeFileLock(folder, "r1", machine(1, { 1: "a" }));
    rmSync(join(folder, "r1.json"));
    const error: unknown = await lock.verify().catch((lost: unknown) => lost);
    expect(error).to.be.instanceOf(LockLostError);
  });

  it("leaves a torn claim to a person, and a draft to nobody", () => {
    writeFileSync(join(folder, ".r0.draft"), '{"run":"r');
    takeFileLock(folder, "r1", machine(1, { 1: "a" }));
    rmSync(join(folder, "r1.json"));
    writeFileSync(join(folder, "r2.json"), '{"run":"r');
    expect(() => takeFileLock(folder, "r3", machine(3, { 3: "c" }))).to.throw(LockedError, "is no lock of ours");
    expect(readdirSync(folder)).to.not.include("r3.json");
  });

  it("knows this process by itself", async () => {
    const lock = takeFileLock(folder, "r1");
    expect(() => takeFileLock(folder, "r2")).to.throw(LockedError, `process ${process.pid}`);
    await lock.release();
  });
});
