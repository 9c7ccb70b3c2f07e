import { randomBytes } from "node:crypto";

import { expect } from "chai";

import { BACKOFF, createAttempts } from "../../../services/auth/attempts.ts";
import { type Database, freshDatabase, needs } from "../support.ts";

describe("services/auth/attempts on Postgres", () => {
  let database: Database;
  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
  });
  after(async () => {
    await (database as Database | undefined)?.drop();
  });

  /** As if the block had ended, with the count kept. */
  const waitOut = (subject: Buffer) =>
    database.pool.query("update sign_in_failures set blocked_until = now() where subject = $1", [subject]);

  it("lets a few fail, then makes each wait twice as long, up to the most", async () => {
    const attempts = createAttempts(database.pool);
    const subject = randomBytes(32);
    const waits: (number | undefined)[] = [];
    for (let failed = 0; failed < 18; failed += 1) {
      expect(await attempts.begin(subject)).to.equal(undefined);
      const { rows } = await database.pool.query<{ wait: number | null }>(
        "select round(extract(epoch from blocked_until - last_at))::int as wait from sign_in_failures where subject = $1",
        [subject],
      );
      waits.push(rows[0]?.wait ?? undefined);
      await waitOut(subject);
    }
    const free = Array<undefined>(BACKOFF.free).fill(undefined);
    expect(waits).to.deep.equal([...free, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  it("says how long to wait, and does not make it longer for asking", async () => {
    const attempts = createAttempts(database.pool, { ...BACKOFF, free: 0, firstSeconds: 60 });
    const subject = randomBytes(32);
    expect(await attempts.begin(subject)).to.equal(undefined);
    await waitOut(subject);
    expect(await attempts.begin(subject)).to.equal(undefined);
    for (let asked = 0; asked < 5; asked += 1) expect(await attempts.begin(subject)).to.be.within(110, 120);
  });

  it("lets no more through when all come at once", async () => {
    const attempts = createAttempts(database.pool, { ...BACKOFF, free: 3, firstSeconds: 60 });
    const subject = randomBytes(32);
    const answers = await Promise.all(Array.from({ length: 30 }, () => attempts.begin(subject)));
    // Three for free and the one that brought the block.
    expect(answers.filter((wait) => wait === undefined).length).to.equal(4);
  });

  it("forgets after a quiet day, and never mixes two addresses", async () => {
    const attempts = createAttempts(database.pool, { ...BACKOFF, free: 1, firstSeconds: 60 });
    const [subject, other] = [randomBytes(32), randomBytes(32)];
    await attempts.begin(subject);
    await attempts.begin(subject);
    expect(await attempts.begin(subject)).to.be.greaterThan(0);
    expect(await attempts.begin(other)).to.equal(undefined);
    await database.pool.query(
      "update sign_in_failures set last_at = now() - interval '25 hours', blocked_until = now() where subject = $1",
      [subject],
    );
    expect(await attempts.begin(subject)).to.equal(undefined);
    expect(await attempts.begin(subject)).to.equal(undefined);
    expect(await attempts.begin(subject)).to.be.greaterThan(0);
  });

  it("bears any number of failures", async () => {
    const attempts = createAttempts(database.pool);
    const subject = randomBytes(32);
    await attempts.begin(subject);
    await database.pool.query("update sign_in_failures set failures = 2000000000 where subject = $1", [subject]);
    expect(await attempts.begin(subject)).to.equal(undefined);
    expect(await attempts.begin(subject)).to.be.within(899, 900);
  });
});
