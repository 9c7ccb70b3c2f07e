import { gzipSync } from "node:zlib";

import { expect } from "chai";

import { getText, NotNow, retryAfter } from "../../../../services/data-ingestion/posts/fetch.ts";
import { poll } from "../../../../services/data-ingestion/posts/poll.ts";
import { quiet, until } from "../../support.ts";
import { serve, type Served } from "./turns.ts";

describe("services/data-ingestion/posts/fetch", () => {
  let server: Served;
  const signal = new AbortController().signal;
  before(async () => {
    server = await serve((request, response) => {
      const to = (location: string): void => void response.writeHead(302, { location }).end();
      const answers: Readonly<Record<string, () => void>> = {
        "/agent": () => response.end(request.headers["user-agent"]),
        "/latin": () => response.setHeader("content-type", "text/xml; charset=iso-8859-1").end(Buffer.from([0xe9])),
        "/declared": () =>
          response.end(
            Buffer.concat([Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>'), Buffer.from([0xe9])]),
          ),
        "/no-such-charset": () => response.setHeader("content-type", "text/xml; charset=klingon").end("é"),
        "/bomb": () => response.setHeader("content-encoding", "gzip").end(gzipSync(Buffer.alloc(8 * 1024 * 1024))),
        "/hang": () => response.write("…"),
        "/once": () => to("/agent"),
        "/round": () => to("/round"),
        "/file": () => to("file:///etc/passwd"),
        "/busy": () => response.writeHead(429, { "retry-after": "7" }).end(),
        "/gone": () => response.writeHead(404).end(),
        "/same": () => response.writeHead(304).end(),
      };
      answers[request.url ?? ""]?.();
    });
  });
  after(() => server.close());
  const get = (path: string, more: object = {}) => getText(`${server.url}${path}`, { signal, ...more });
  const failure = async (path: string, more: object = {}): Promise<unknown> =>
    get(path, more).then(
      () => undefined,
      (error: unknown) => error,
    );

  it("says who asks, and follows a redirect", async () => {
    expect((await get("/once")).body).to.match(/^cryptotracker-data-ingestion/);
  });

  it("reads what the server says it wrote, else UTF-8", async () => {
    expect((await get("/latin")).body).to.equal("é");
    expect((await get("/declared")).body).to.match(/é$/);
    expect((await get("/no-such-charset")).body).to.equal("é");
  });

  it("tells that nothing is new", async () => expect(await get("/same")).to.include({ status: 304, body: "" }));

  for (const [path, what, more] of [
    ["/bomb", /larger than/, {}],
    ["/agent", /larger than 5/, { mostBytes: 5 }],
    ["/hang", /timeout/i, { timeout: 100 }],
    ["/round", /more than 3 times/, {}],
    ["/file", /no http\(s\) URL/, {}],
    ["/gone", /answered 404/, {}],
  ] as const) {
    it(`gives up on ${path}: ${what.source}`, async () => {
      expect(String(await failure(path, more))).to.match(what);
    });
  }

  it("learns for how long to stay away", async () => {
    const error = await failure("/busy");
    expect(error).to.be.instanceOf(NotNow);
    expect(error instanceof NotNow && error.wait).to.equal(7_000);
    const now = Date.UTC(2026, 10, 20, 12);
    for (const [text, wait] of [
      ["Fri, 20 Nov 2026 12:00:30 GMT", 30_000],
      ["Fri, 20 Nov 2026 11:00:00 GMT", 0],
      ["999999999", 3_600_000],
      ["soon", 0],
      ["", 0],
    ] as const) {
      expect(retryAfter(new Headers({ "retry-after": text }), now), text).to.equal(wait);
    }
  });
});

describe("services/data-ingestion/posts/poll", () => {
  it("comes back after failures, later each time, and not before the server wants it", async () => {
    const ending = new AbortController();
    const at: number[] = [];
    const done = poll({
      visit: () => {
        at.push(performance.now());
        if (at.length === 1) return Promise.reject(new Error("broken"));
        if (at.length === 2) return Promise.reject(new NotNow("busy", new Headers({ "retry-after": "1" })));
        return Promise.resolve();
      },
      every: 10,
      signal: ending.signal,
      log: quiet,
      backoff: { first: 40, most: 100 },
    });
    await until(() => at.length >= 5);
    ending.abort();
    await done;
    const gaps = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    // Timers may be a millisecond early.
    expect(gaps[0]).to.be.at.least(19);
    expect(gaps[1]).to.be.at.least(999);
    expect(gaps[2]).to.be.at.least(8);
  });
});
