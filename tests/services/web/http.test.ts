import { expect } from "chai";
import * as z from "zod/mini";
import { Problem } from "../../../services/shared/problem.ts";
import { DEFAULTS, loadConfig, readConfig, streamAddress } from "../../../services/web/src/config.ts";
import { createClient } from "../../../services/web/src/http/client.ts";
import { faultsBeyond, problemOf, readProblem } from "../../../services/web/src/http/problem.ts";
import { createSession, type SessionState } from "../../../services/web/src/state/session.ts";
import { uuid } from "../../../services/web/src/uuid.ts";

const json = (body: unknown, status = 200): Response => Response.json(body, { status });
const shape = z.object({ value: z.number() });

/** Answers in turn, and remembers what was asked. */
function played(...answers: readonly (() => Response)[]) {
  const asked: { readonly path: string; readonly headers: Headers; readonly body: string }[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    const answer = answers[asked.length] ?? (() => json({}, 500));
    const body = typeof init?.body === "string" ? init.body : "";
    const path = input instanceof Request ? input.url : input.toString();
    asked.push({ path, headers: new Headers(init?.headers), body });
    return Promise.resolve().then(answer);
  };
  return { asked, fetch };
}

const refusal = (problem: Problem) => () => json(problem.document("r-1"), problem.status);
const expired = refusal(new Problem("unauthenticated", "The access token has expired; refresh it."));

describe("web: a refusal", () => {
  it("is read as the services write it, each field's faults together", () => {
    const errors = [
      { path: "password", detail: "too short" },
      { path: "password", detail: "too easy" },
      { path: "email", detail: "must be an e-mail address" },
    ];
    const problem = new Problem("invalid-body", "3 fields are not valid.", { errors });
    expect(readProblem(400, problem.document("r-1"))).to.deep.equal({
      ...{ title: "The body does not have the expected shape", detail: "3 fields are not valid.", status: 400 },
      ...{ code: "invalid-body", requestId: "r-1" },
      fields: { password: "too short; too easy", email: "must be an e-mail address" },
    });
  });

  it("names the faults of fields that the form doesn't have", () => {
    const problem = readProblem(400, {
      ...{ title: "t", status: 400 },
      errors: [
        { path: "email", detail: "a" },
        { path: "kind", detail: "b" },
        { path: "", detail: "c" },
      ],
    });
    expect(faultsBeyond(problem, ["email"])).to.deep.equal(["kind: b", "c"]);
  });

  it("is a sentence even when a proxy sent it", () => {
    for (const body of [undefined, "<html>", null, [], { title: 3 }]) {
      expect(readProblem(502, body).title).to.equal("The service is not available at the moment");
      expect(readProblem(403, body).title).to.equal("The request was refused");
    }
  });
});

describe("web: requests", () => {
  it("carry the token and the key, and give what was asked for", async () => {
    const { asked, fetch } = played(() => json({ value: 1, more: true }));
    const client = createClient({ base: "/api/v1", fetch, token: () => "t" });
    const call = { method: "POST", body: { a: 1 }, idempotencyKey: "k" } as const;
    expect(await client.read(shape, "/x", call)).to.deep.equal({ value: 1 });
    const [{ path, headers, body } = { path: "", headers: new Headers(), body: "" }] = asked;
    expect([path, headers.get("authorization"), headers.get("idempotency-key"), body]).to.deep.equal([
      ...["/api/v1/x", "Bearer t", "k", '{"a":1}'],
    ]);
  });

  it("are asked again, once, with a new token", async () => {
    const { asked, fetch } = played(expired, () => json({ value: 2 }), expired, expired);
    let token = "old";
    const renew = () => {
      token = "new";
      return Promise.resolve(true);
    };
    const client = createClient({ base: "", fetch, token: () => token, renew });
    expect(await client.read(shape, "/x")).to.deep.equal({ value: 2 });
    expect(asked.map(({ headers }) => headers.get("authorization"))).to.deep.equal(["Bearer old", "Bearer new"]);
    const problem = await client.read(shape, "/x").catch(problemOf);
    expect(problem).to.deep.include({ status: 401, code: "unauthenticated" });
    expect(asked).to.have.lengthOf(4);
  });

  it("end in a problem when nothing answers, or something else than is known", async () => {
    const { fetch } = played(
      () => {
        throw new TypeError("no network");
      },
      () => json({ value: "1" }),
      () => new Response("<html>"),
    );
    const client = createClient({ base: "", fetch });
    const problems = [1, 2, 3].map(() =>
      client.read(shape, "/x").then(
        () => "",
        (error: unknown) => problemOf(error).code,
      ),
    );
    expect(await Promise.all(problems)).to.deep.equal(["unreachable", "unknown-answer", "unknown-answer"]);
  });
});

describe("web: the session", () => {
  function session(...answers: readonly (() => Response)[]) {
    const { asked, fetch } = played(...answers);
    const told: SessionState["is"][] = [];
    const tokens: (string | undefined)[] = [];
    let hinted = true;
    const client = createClient({ base: "", fetch });
    const made = createSession({
      ...{ auth: client, member: client, alone: (work) => work() },
      hint: { read: () => hinted, write: (isThere) => void (hinted = isThere) },
      told: ({ is }) => told.push(is),
      onToken: (token) => tokens.push(token),
    });
    return { made, asked, told, tokens, hint: () => hinted };
  }
  const issued = (accessToken: string) => () => json({ accessToken, tokenType: "Bearer", expiresIn: 600 });
  const me = () => json({ id: "1", email: "ada@example.org" });

  it("is found again by the cookie, once for all that ask at the same time", async () => {
    const { made, asked } = session(issued("a"), me);
    expect(await Promise.all([made.renew(), made.renew()])).to.deep.equal([true, true]);
    expect(asked.map(({ path }) => path)).to.deep.equal(["/refresh", "/me"]);
    expect(made.state).to.deep.equal({ is: "in", email: "ada@example.org" });
    expect(made.token).to.equal("a");
    made.forget();
  });

  it("ends when the service says so, and only then", async () => {
    const { made, hint, tokens } = session(issued("a"), me, () => json({}, 503), expired);
    await made.start();
    expect([await made.renew(), made.token, hint()]).to.deep.equal([false, "a", true]);
    expect([await made.renew(), made.token, hint()]).to.deep.equal([false, undefined, false]);
    expect(made.state).to.deep.equal({ is: "out" });
    expect(tokens).to.deep.equal(["a", undefined]);
  });

  it("signs in by a cookie that no script reads", async () => {
    const { made, asked } = session(issued("a"));
    await made.signIn({ email: "ada@example.org", password: "four plain words here" });
    expect(JSON.parse(asked[0]?.body ?? "")).to.deep.include({ refreshToken: "cookie" });
    made.forget();
  });

  it("does not tell whether an address was taken, but what to do", async () => {
    const wrong = refusal(new Problem("invalid-credentials", "Look at both, and try again."));
    const { made } = session(() => json({ status: "accepted" }, 202), wrong);
    const problem = await made.signUp({ email: "a@b.org", password: "x" }).catch(problemOf);
    expect(problem).to.deep.include({ title: "You could not be signed in" });
  });
});

describe("web: the configuration", () => {
  const found = (response: Response) => loadConfig(() => Promise.resolve(response));

  it("is this site's own origin without a file, or where a server gives the page for every path", async () => {
    expect(await found(new Response("", { status: 404 }))).to.deep.equal(DEFAULTS);
    expect(await found(new Response("<html>", { headers: { "content-type": "text/html" } }))).to.deep.equal(DEFAULTS);
    expect(await found(json({}))).to.deep.equal({ api: "/api/v1", auth: "/auth/v1", stream: "/ws" });
  });

  it("takes addresses of other hosts, and nothing that is none", () => {
    expect(readConfig({ stream: "wss://streams.example.org/ws" }).stream).to.equal("wss://streams.example.org/ws");
    for (const api of ["javascript:alert(1)", "//evil.example", "api", "ftp://x", 3]) {
      expect(() => readConfig({ api }), String(api)).to.throw(/^config\.json: api /);
    }
  });

  it("speaks to the stream as safely as the page was loaded", () => {
    expect(streamAddress("/ws", { protocol: "https:", host: "a.org" })).to.equal("wss://a.org/ws");
    expect(streamAddress("/ws", { protocol: "http:", host: "localhost:8080" })).to.equal("ws://localhost:8080/ws");
    expect(streamAddress("wss://b.org/ws", { protocol: "https:", host: "a.org" })).to.equal("wss://b.org/ws");
  });
});

describe("web: a UUID without a secure origin", () => {
  it("is of version 4, whatever the random bytes are", () => {
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    for (const byte of [0, 255, 0x5a]) expect(uuid((bytes) => bytes.fill(byte))).to.match(form);
    expect(uuid()).to.not.equal(uuid());
  });
});
