import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { withFallback } from "../../../services/sentiment/fallback.ts";
import { BATCH, createInference } from "../../../services/sentiment/inference.ts";
import { LEXICON, lexicon } from "../../../services/sentiment/lexicon.ts";
import { collectingLog, quiet } from "../support.ts";

/** What the service behind the URL does with each request. */
type Answer = (texts: readonly string[]) => { status?: number; body: unknown } | "silence";

const right: Answer = (texts) => ({
  body: { model: "finbert-3", scores: texts.map((text) => ({ score: text.length / 100, confidence: 0.9 })) },
});

describe("services/sentiment/inference", () => {
  let server: Server;
  let url: string;
  let answer: Answer = right;
  const asked: { path: string | undefined; texts: readonly string[] }[] = [];
  before((done) => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { texts } = JSON.parse(Buffer.concat(chunks).toString()) as { texts: readonly string[] };
        asked.push({ path: request.url, texts });
        const given = answer(texts);
        if (given === "silence") return;
        response.writeHead(given.status ?? 200, { "content-type": "application/json" });
        response.end(typeof given.body === "string" ? given.body : JSON.stringify(given.body));
      });
    });
    server.listen(0, "127.0.0.1", () => {
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  beforeEach(() => {
    answer = right;
    asked.length = 0;
  });
  after((done) => {
    server.closeAllConnections();
    server.close(() => done());
  });

  it("asks in batches and keeps the order", async () => {
    const texts = Array.from({ length: BATCH + 3 }, (_, i) => "x".repeat(i + 1));
    const opinions = await createInference({ url: `${url}/`, deadline: 5_000 }).score(texts);
    expect(opinions).to.deep.equal(
      texts.map(({ length }) => ({ score: length / 100, confidence: 0.9, model: "finbert-3" })),
    );
    expect(asked.map(({ path, texts: { length } }) => `${path ?? ""} ${length}`).sort()).to.deep.equal([
      "/v1/sentiment 3",
      `/v1/sentiment ${BATCH}`,
    ]);
  });

  it("sends no more of a text than the model reads", async () => {
    await createInference({ url, deadline: 5_000 })
      .score(["x".repeat(1_999) + "🚀".repeat(3_000)])
      .catch(() => undefined);
    expect(asked[0]?.texts[0]).to.have.lengthOf(2_000);
  });

  const unfit: readonly (readonly [what: string, answer: Answer, said: RegExp])[] = [
    ["an error", () => ({ status: 503, body: "" }), /answered 503/],
    ["no JSON", () => ({ body: "<html>" }), /JSON/],
    ["a score off the scale", () => ({ body: { model: "m", scores: [{ score: 2, confidence: 1 }] } }), /score/],
    ["a score too few", () => ({ body: { model: "m", scores: [] } }), /0 scores for 1 texts/],
    ["a model without a name", () => ({ body: { model: "", scores: [{ score: 0, confidence: 1 }] } }), /model/],
    ["nothing", () => "silence", /timeout/],
  ];
  for (const [what, given, said] of unfit) {
    it(`takes ${what} for no answer`, async () => {
      answer = given;
      const error: unknown = await createInference({ url, deadline: 200 })
        .score(["a"])
        .catch((thrown: unknown) => thrown);
      expect(String(error)).to.match(said);
    });
  }
  const inference = (): ReturnType<typeof createInference> => createInference({ url, deadline: 1_000 });

  describe("with the lexicon behind it", () => {
    it("scores by the lexicon when the model can't be asked, and says so", async () => {
      answer = () => ({ status: 500, body: "" });
      const model = withFallback({ first: inference(), second: lexicon, log: quiet });
      expect(await model.score(["bullish", "rekt"])).to.deep.equal(await lexicon.score(["bullish", "rekt"]));
    });

    it("leaves the model alone after failures in a row, tries it with one request, and takes it back", async () => {
      const { log, lines } = collectingLog("info");
      const model = withFallback({ first: inference(), second: lexicon, log, failures: 2, rest: 150 });
      const modelOf = async (): Promise<string | undefined> => (await model.score(["bullish"]))[0]?.model;
      expect(await modelOf()).to.equal("finbert-3");

      answer = () => ({ status: 500, body: "" });
      for (let i = 0; i < 5; i += 1) expect(await modelOf()).to.equal(LEXICON);
      expect(asked, "two failures, then none").to.have.lengthOf(3);

      await new Promise((resolve) => setTimeout(resolve, 200));
      for (let i = 0; i < 3; i += 1) expect(await modelOf()).to.equal(LEXICON);
      expect(asked, "one trial").to.have.lengthOf(4);

      answer = right;
      await new Promise((resolve) => setTimeout(resolve, 200));
      for (let i = 0; i < 3; i += 1) expect(await modelOf()).to.equal("finbert-3");
      expect(asked).to.have.lengthOf(7);
      expect(lines.map(({ msg }) => msg).at(-1)).to.equal("the inference service scores again");
    });
  });
});
