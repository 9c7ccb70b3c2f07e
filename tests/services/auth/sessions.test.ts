import { randomBytes, randomUUID } from "node:crypto";

import { expect } from "chai";

import { deriveKeys, type Keys } from "../../../services/auth/keys.ts";
import { readToken, writeToken } from "../../../services/auth/refresh-token.ts";
import { createSessions, SESSION, type Session } from "../../../services/auth/sessions.ts";
import { type Database, freshDatabase, needs } from "../support.ts";

const caller = { clientHash: "c", requestId: "r" };

describe("services/auth/sessions on Postgres", () => {
  let database: Database;
  let keys: Keys;
  let user: string;

  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    keys = await deriveKeys("a signing secret that both sides share");
    user = randomUUID();
    await database.pool.query("insert into users (id, email, email_key, password_hash) values ($1, 'a', 'a', 'x')", [
      user,
    ]);
  });
  after(async () => {
    await (database as Database | undefined)?.drop();
  });

  const sessionsWith = (graceSeconds: number = SESSION.graceSeconds) =>
    createSessions(database.pool, keys, { ...SESSION, graceSeconds });
  const open = () => sessionsWith().open(user, randomBytes(32), caller);
  const renewed = (answer: Session | "reused" | undefined): Session => {
    if (answer === undefined || answer === "reused") throw new Error(`not renewed: ${String(answer)}`);
    return answer;
  };
  const eventsOf = async (event: string) => {
    const { rows } = await database.pool.query<{ n: number }>(
      "select count(*)::int as n from auth_events where event = $1",
      [event],
    );
    return rows[0]?.n;
  };

  it("gives another token at each refresh, and one end to the whole session", async () => {
    const sessions = sessionsWith();
    const opened = await open();
    const tokens = [opened.refreshToken];
    for (let n = 0; n < 5; n += 1) {
      const next = renewed(await sessions.refresh(tokens.at(-1) ?? "", caller));
      expect(next).to.include({ user });
      expect(next.expires).to.deep.equal(opened.expires);
      tokens.push(next.refreshToken);
    }
    expect(new Set(tokens).size).to.equal(6);
    const days = (opened.expires.getTime() - Date.now()) / 86_400_000;
    expect(days).to.be.within(29.9, 30);
  });

  it("lets one of twenty at once through; the others get the same next token, so there is one line", async () => {
    const sessions = sessionsWith();
    const { refreshToken } = await open();
    const { session } = readToken(refreshToken);
    // Every row version that the session goes through is counted by Postgres itself.
    await database.pool.query(`create table rotations (id uuid);
      create function count_rotation() returns trigger language plpgsql as
        $$ begin insert into rotations values (new.id); return new; end $$;
      create trigger count_rotation after update on sessions for each row execute function count_rotation()`);
    const answers = await Promise.all(Array.from({ length: 20 }, () => sessions.refresh(refreshToken, caller)));
    await database.pool.query("drop trigger count_rotation on sessions");
    expect(new Set(answers.map((answer) => renewed(answer).refreshToken)).size).to.equal(1);
    const { rows } = await database.pool.query("select id from rotations");
    expect(rows).to.deep.equal([{ id: session }]);
    renewed(await sessions.refresh(renewed(answers[0]).refreshToken, caller));
  });

  it("ends the session of twenty at once when there is no grace: one got a token, and it is worth nothing", async () => {
    const sessions = sessionsWith(0);
    const { refreshToken } = await open();
    const before = await eventsOf("refresh-reused");
    const answers = await Promise.all(Array.from({ length: 20 }, () => sessions.refresh(refreshToken, caller)));
    const winners = answers.filter((answer) => answer !== undefined && answer !== "reused");
    expect(winners.length).to.equal(1);
    expect(answers.filter((answer) => answer === "reused").length).to.equal(1);
    expect(await eventsOf("refresh-reused")).to.equal((before ?? 0) + 1);
    expect(await sessions.refresh(renewed(winners[0]).refreshToken, caller)).to.equal(undefined);
  });

  it("takes a token again within the grace, but not once its successor was used", async () => {
    const sessions = sessionsWith();
    const first = (await open()).refreshToken;
    const second = renewed(await sessions.refresh(first, caller)).refreshToken;
    expect(renewed(await sessions.refresh(first, caller)).refreshToken).to.equal(second);
    const third = renewed(await sessions.refresh(second, caller)).refreshToken;
    expect(await sessions.refresh(first, caller)).to.equal("reused");
    for (const token of [first, second, third]) expect(await sessions.refresh(token, caller)).to.equal(undefined);
  });

  it("takes a token again only for as long as the grace lasts", async () => {
    const sessions = sessionsWith();
    const { refreshToken } = await open();
    const next = renewed(await sessions.refresh(refreshToken, caller)).refreshToken;
    await database.pool.query("update sessions set rotated_at = now() - interval '11 seconds' where id = $1", [
      readToken(refreshToken).session,
    ]);
    expect(await sessions.refresh(refreshToken, caller)).to.equal("reused");
    expect(await sessions.refresh(next, caller)).to.equal(undefined);
  });

  it("ends one session and leaves the user's others", async () => {
    const sessions = sessionsWith(0);
    const [stolen, other] = [await open(), await open()];
    await sessions.refresh(stolen.refreshToken, caller);
    expect(await sessions.refresh(stolen.refreshToken, caller)).to.equal("reused");
    renewed(await sessions.refresh(other.refreshToken, caller));
  });

  it("survives a sign-out on no other way: a refresh at the same time leaves nothing behind", async () => {
    const sessions = sessionsWith();
    for (let round = 0; round < 20; round += 1) {
      const { refreshToken } = await open();
      const [answer] = await Promise.all([
        sessions.refresh(refreshToken, caller),
        sessions.close(refreshToken, caller),
      ]);
      const held = answer === undefined || answer === "reused" ? refreshToken : answer.refreshToken;
      expect(await sessions.refresh(held, caller)).to.equal(undefined);
    }
  });

  it("refuses what is out, unknown or made up", async () => {
    const sessions = sessionsWith();
    const { refreshToken } = await open();
    const { session } = readToken(refreshToken);
    const made = writeToken({ session: randomUUID(), secret: randomBytes(32) });
    expect(await sessions.refresh(made, caller)).to.equal(undefined);
    await database.pool.query("update sessions set expires_at = now() where id = $1", [session]);
    expect(await sessions.refresh(refreshToken, caller)).to.equal(undefined);
    await sessions.close(made, caller);
  });

  it("keeps nothing that could be used by who reads the table", async () => {
    const { refreshToken } = await open();
    const { session, secret } = readToken(refreshToken);
    const { rows } = await database.pool.query("select sessions::text as row from sessions where id = $1", [session]);
    const [kept] = rows as { row: string }[];
    expect(kept?.row).to.include(session);
    expect(kept?.row).to.not.include(secret.toString("hex"));
    expect(kept?.row).to.not.include(refreshToken);
  });

  it("clears the failed sign-ins when a session opens", async () => {
    const subject = randomBytes(32);
    await database.pool.query("insert into sign_in_failures values ($1, 3, null, now())", [subject]);
    await sessionsWith().open(user, subject, caller);
    const { rowCount } = await database.pool.query("select 1 from sign_in_failures where subject = $1", [subject]);
    expect(rowCount).to.equal(0);
  });
});
