import { expect } from "chai";
import { WebSocketServer } from "ws";

import { createFeeds } from "../../../../services/data-ingestion/posts/feed-source.ts";
import { createJetstream } from "../../../../services/data-ingestion/posts/jetstream-source.ts";
import { createReddit } from "../../../../services/data-ingestion/posts/reddit-source.ts";
import { sourcesOf } from "../../../../services/data-ingestion/posts/sources.ts";
import { createReplay, type Replay } from "../../../../services/data-ingestion/replay/app.ts";
import { articleUrl } from "../../../../services/data-ingestion/replay/posts/feeds.ts";
import { blueskyId } from "../../../../services/data-ingestion/replay/posts/jetstream.ts";
import { fullnameOf } from "../../../../services/data-ingestion/replay/posts/listing.ts";
import { until } from "../../support.ts";
import { serve, type Served, testTurn } from "./turns.ts";

const backoff = { first: 10, most: 50 };
const timing = { backoff, keepEvery: 20 };

describe("services/data-ingestion/posts, from source to turn", () => {
  const started: { close(): Promise<void> }[] = [];
  const replayOf = async (posts: { rate: number; total: number }): Promise<{ replay: Replay; at: string }> => {
    const replay = createReplay({ seed: 5, products: ["BTC-USD"], rate: 1, posts });
    started.push(replay);
    return { replay, at: `127.0.0.1:${await replay.listen(0)}` };
  };
  const served = async (...how: Parameters<typeof serve>): Promise<Served> => {
    const server = await serve(...how);
    started.push(server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((each) => each.close()));
  });
  const written = ({ posts }: Replay) => posts?.crowd.posts ?? { bluesky: [], rss: [], reddit: [] };

  it("has a source for what is configured only", () => {
    const none = { jetstreamUrl: undefined, rssUrls: [], redditUrls: [], pollEvery: 1_000 };
    const all = { ...none, jetstreamUrl: "ws://a/", rssUrls: ["http://a/"], redditUrls: ["http://a/"] };
    expect(sourcesOf(none)).to.deep.equal([]);
    expect(sourcesOf(all).map(({ name }) => name)).to.deep.equal(["bluesky", "rss", "reddit"]);
  });

  it("follows Jetstream through cuts: each post once, in order, the position behind it", async () => {
    const { replay, at } = await replayOf({ rate: 1_500, total: 900 });
    const { turn, published, positions, end } = testTurn();
    const carried = createJetstream({ url: `ws://${at}/subscribe`, timing }).carry(turn);
    for (const some of [50, 150]) {
      await until(() => published.length >= some);
      replay.cut();
    }
    await until(() => published.length >= 300);
    end();
    await carried;
    expect(published).to.deep.equal(written(replay).bluesky.map(blueskyId));
    expect(positions.get("jetstream")).to.deep.equal({ cursor: written(replay).bluesky.at(-1)?.timeMicroseconds });
  });

  it("goes on where the turn before it left Jetstream, also one that published nothing", async () => {
    const { replay, at } = await replayOf({ rate: 1_500, total: 600 });
    const source = createJetstream({ url: `ws://${at}/subscribe`, timing });
    let fails = false;
    const first = testTurn(undefined, () => (fails = true));
    const carried = source.carry(first.turn);
    await until(() => fails);
    first.end();
    await carried;
    expect(first.published).to.deep.equal([]);
    await until(() => written(replay).bluesky.length === 200);
    const second = testTurn(first.positions);
    const carriedOn = source.carry(second.turn);
    await until(() => second.published.length >= 200);
    second.end();
    await carriedOn;
    expect(second.published).to.deep.equal(written(replay).bluesky.map(blueskyId));
  });

  it("leaves a stream that has fallen silent", async () => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    let connections = 0;
    server.on("connection", () => (connections += 1));
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const { turn, end } = testTurn();
    const url = `ws://127.0.0.1:${port}`;
    const carried = createJetstream({ url, timing: { ...timing, silence: 80 } }).carry(turn);
    await until(() => connections >= 3);
    end();
    await carried;
    await new Promise((resolve) => server.close(resolve));
  });

  for (const [format, path] of [
    ["RSS", "/feeds/rss.xml"],
    ["Atom", "/feeds/atom.xml"],
  ] as const) {
    it(`reads ${format} without holes or repetitions, over two turns`, async () => {
      const { replay, at } = await replayOf({ rate: 600, total: 450 });
      const source = createFeeds({ urls: [`http://${at}${path}`], every: 20, backoff });
      const first = testTurn();
      const carried = source.carry(first.turn);
      await until(() => first.published.length >= 40);
      first.end();
      await carried;
      const second = testTurn(first.positions);
      const carriedOn = source.carry(second.turn);
      await until(() => first.published.length + second.published.length >= 150);
      second.end();
      await carriedOn;
      expect([...first.published, ...second.published]).to.deep.equal(written(replay).rss.map(articleUrl));
    });
  }

  it("asks a feed whether anything is new, and keeps no validator of what was not published", async () => {
    const asked: (string | undefined)[] = [];
    const server = await served((request, response) => {
      asked.push(request.headers["if-none-match"]);
      if (request.headers["if-none-match"] === '"v1"') response.writeHead(304).end();
      else response.setHeader("etag", '"v1"').end("<rss><channel><item><title>x</title></item></channel></rss>");
    });
    let refusals = 2;
    const { turn, published, end } = testTurn(undefined, () => refusals-- > 0);
    const carried = createFeeds({ urls: [server.url], every: 5, backoff }).carry(turn);
    await until(() => asked.length >= 5);
    end();
    await carried;
    expect(asked.slice(0, 5)).to.deep.equal([undefined, undefined, undefined, '"v1"', '"v1"']);
    expect(published).to.have.length(1);
  });

  it("publishes an article once that stands in two feeds", async () => {
    const { turn, published, positions, end } = testTurn();
    const server = await served((request, response) => {
      const items = request.url === "/all" ? ["1", "2", "3"] : ["2"];
      const body = items.map((item) => `<item><title>x</title><link>https://n.example/${item}</link></item>`).join("");
      const answer = (): void => void response.end(`<rss version="2.0"><channel>${body}</channel></rss>`);
      if (request.url === "/all") void until(() => published.length >= 1).then(answer);
      else answer();
    });
    const urls = [`${server.url}/all`, `${server.url}/some`];
    const carried = createFeeds({ urls, every: 10, backoff }).carry(turn);
    await until(() => positions.size === 2);
    end();
    await carried;
    expect(published).to.deep.equal(["2", "3", "1"].map((item) => `https://n.example/${item}`));
  });

  it("reads a listing of Reddit back to what it knows, page by page", async () => {
    const { replay, at } = await replayOf({ rate: 100_000, total: 900 });
    const url = `http://${at}/r/CryptoCurrency/new.json`;
    await fetch(url);
    await until(() => written(replay).reddit.length === 300);
    const names = written(replay).reddit.map(fullnameOf);
    // As if the visit before had come when there were forty, and the newest ten of those were deleted since.
    const known = { seen: [...Array.from({ length: 10 }, (_, i) => `t3_gone${i}`), ...names.slice(0, 30).reverse()] };
    const { turn, published, positions, end } = testTurn(new Map([[url, known]]));
    const carried = createReddit({ urls: [url], every: 20, backoff }).carry(turn);
    await until(() => published.length >= 270 && positions.get(url) !== known);
    end();
    await carried;
    expect(published).to.deep.equal(names.slice(30));
  });

  for (const status of [200, 429]) {
    it(`asks Reddit nothing while its allowance is used up, as a ${status} says`, async () => {
      let asked = 0;
      const server = await served((_, response) => {
        asked += 1;
        response.setHeader("x-ratelimit-remaining", "0.0").setHeader("x-ratelimit-reset", "600");
        response.writeHead(status).end(JSON.stringify({ kind: "Listing", data: { after: null, children: [] } }));
      });
      const { turn, end } = testTurn();
      const carried = createReddit({ urls: [`${server.url}/new.json`], every: 5, backoff }).carry(turn);
      await until(() => asked > 0);
      await new Promise((resolve) => setTimeout(resolve, 100));
      end();
      await carried;
      expect(asked).to.equal(1);
    });
  }
});
