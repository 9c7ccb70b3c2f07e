import { expect } from "chai";
import { LockedError, LockLostError } from "../../../../../targets/migration/lock.ts";
import {
  lockName,
  type OnceStore,
  takeParameterLock,
} from "../../../../../targets/migration/stages/aws/adapters/lock-parameter.ts";

function memory(): OnceStore & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    create: (name, value) => {
      if (values.has(name)) return Promise.resolve(false);
      values.set(name, value);
      return Promise.resolve(true);
    },
    replace: (name, value) => Promise.resolve(void values.set(name, value)),
    read: (name) => Promise.resolve(values.get(name) ?? null),
    remove: (name) => Promise.resolve(void values.delete(name)),
  };
}

const holder = (run: string, pid: number, host = "here") => ({ run, pid, host, since: "2026-11-25T09:00:00Z" });
const dead = (): boolean => false;
const alive = (): boolean => true;
const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe("takeParameterLock", () => {
  it("is taken by one, refused to another migration, and free when given back", async () => {
    const store = memory();
    const lock = await takeParameterLock(store, "dev", holder("r1", 1), dead);
    const error = await refusal(takeParameterLock(store, "dev", holder("r2", 2), dead));
    expect(error).to.be.instanceOf(LockedError);
    expect(String(error))
      .to.contain("process 1 on here")
      .and.contain(`aws ssm delete-parameter --name ${lockName("dev")}`);
    await takeParameterLock(store, "prod", holder("r3", 3), dead);
    await lock.release();
    await takeParameterLock(store, "dev", holder("r2", 2), dead);
  });

  it("goes over to who goes on with the same migration, and not while its process lives", async () => {
    const store = memory();
    const first = await takeParameterLock(store, "dev", holder("r1", 1), alive);
    expect(await refusal(takeParameterLock(store, "dev", holder("r1", 2), alive))).to.be.instanceOf(LockedError);
    const second = await takeParameterLock(store, "dev", holder("r1", 2), dead);
    await second.verify();
    expect(await refusal(first.verify())).to.be.instanceOf(LockLostError);
    await first.release();
    await second.verify();
  });

  it("keeps others out when what stands there is nobody's", async () => {
    const store = memory();
    store.values.set(lockName("dev"), "{");
    expect(await refusal(takeParameterLock(store, "dev", holder("r1", 1), dead))).to.be.instanceOf(LockedError);
  });
});
