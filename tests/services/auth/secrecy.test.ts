/** What must be nowhere but with its owner: in no log line, in no row. */
import { expect } from "chai";

import { type Database, freshDatabase, needs, unique } from "../support.ts";
import { cookieOf, type Replica, startAuth } from "./server.ts";

describe("services/auth keeps to itself", () => {
  let database: Database;
  let auth: Replica;
  let away: Replica;
  const told = new Set<string>();

  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    auth = await startAuth(this, database.url);
    away = await startAuth(this, "postgres://user:s3cret@127.0.0.1:1/none");

    const email = `${unique("ann")}@example.com`;
    const password = unique("a lighthouse in the fog");
    const cookies = { email, password, refreshToken: "cookie" };
    for (const replica of [auth, away]) {
      await replica.post("sign-up", { email, password });
      await replica.post("sign-up", { email, password });
      await replica.post("sign-in", { email, password: `${password}!` });
      const { body } = await replica.post("sign-in", { email, password });
      const cookie = cookieOf(await replica.post("sign-in", cookies));
      const next = await replica.post("refresh", { refreshToken: body["refreshToken"] });
      await replica.post("refresh", { refreshToken: next.body["refreshToken"] });
      await replica.post("refresh", { refreshToken: body["refreshToken"] });
      await replica.post("refresh", {}, { cookie });
      await replica.me(body["accessToken"]);
      await replica.me(`${String(body["accessToken"])}x`);
      await replica.post("sign-out", {}, { cookie });
      await replica.post("sign-in", `{"email":"${email}","password":"${password}"`);
      await replica.post("sign-in", { email, password, [password]: email });
      await replica.post("sign-up", { email: password, password: email });
      await replica.call(`/auth/v1/me?token=${String(body["accessToken"])}`);
      const tokens = [body["accessToken"], body["refreshToken"], next.body["refreshToken"], cookie.split("=", 2)[1]];
      for (const text of [email, password, ...tokens]) if (typeof text === "string" && text !== "") told.add(text);
    }
  });
  after(async () => {
    await (auth as Replica | undefined)?.stop();
    await (away as Replica | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });

  it("writes no password, token or address into its log, whether all is well or Postgres is away", () => {
    const lines = [...auth.lines, ...away.lines].map((line) => JSON.stringify(line));
    expect(auth.lines.length).to.be.greaterThan(15);
    expect(away.lines.some(({ msg }) => msg === "refused")).to.equal(true);
    // Address, password, access token, two refresh tokens, the cookie's.
    expect(told.size).to.equal(6);
    for (const text of told) {
      for (const line of lines) {
        expect(line).to.not.include(text);
        expect(line.toLowerCase()).to.not.include(text.split("@", 1)[0]?.toLowerCase());
      }
    }
    expect(lines.join("\n")).to.not.include("s3cret");
  });

  it("keeps no password, token or client address in any table, and the e-mail address in one only", async () => {
    const texts: Record<string, string> = {};
    for (const table of ["users", "sessions", "sign_in_failures", "auth_events"]) {
      const { rows } = await database.pool.query<{ row: string }>(`select ${table}::text as row from ${table}`);
      expect(rows.length, table).to.be.greaterThan(table === "sign_in_failures" ? -1 : 0);
      texts[table] = rows.map(({ row }) => row).join("\n");
    }
    const [email = "", ...secrets] = told;
    for (const [table, text] of Object.entries(texts)) {
      for (const secret of secrets) expect(text, table).to.not.include(secret);
      expect(text, table).to.not.include("127.0.0.1");
      expect(text.includes(email), table).to.equal(table === "users");
    }
  });
});
