import { expect } from "chai";
import fc from "fast-check";
import type { Alert } from "../../../services/web/src/http/shapes.ts";
import { NO_HISTORY, sentence, withAlerts } from "../../../services/web/src/alerts/history.ts";
import { barWith, summarise } from "../../../services/web/src/chart/series.ts";
import { MOST_POSTS, withPost } from "../../../services/web/src/posts/feed.ts";
import { changeOf, EMPTY, type Trade, withTrade } from "../../../services/web/src/prices/board.ts";
import { linePath } from "../../../services/web/src/prices/sparkline.ts";
import { createAnnouncer } from "../../../services/web/src/state/announcer.ts";
import { createLoader } from "../../../services/web/src/state/loadable.ts";
import type { FrameOf } from "../../../services/web/src/stream/frames.ts";
import { routeOf } from "../../../services/web/src/state/paths.ts";
import { serviceNames, shareOf } from "../../../services/web/src/system/overview.ts";

const TIME = "2026-11-25T12:00:30.000Z";
const trade = (tradeId: number, price: string): Trade => ({ product: "BTC-USD", tradeId, price, time: TIME });

describe("web: the table of prices", () => {
  it("says which way a price went, and counts its moves", () => {
    const quotes = [trade(1, "10"), trade(2, "11"), trade(3, "10.5"), trade(4, "10.5")].map(
      (_, index, all) => all.slice(0, index + 1).reduce(withTrade, EMPTY).quotes["BTC-USD"],
    );
    expect(quotes.map((quote) => [quote?.move, quote?.moves])).to.deep.equal([
      ["none", 0],
      ["up", 1],
      ["down", 2],
      ["down", 2],
    ]);
  });

  it("shows the newest trade, in whatever order and however often they come", () => {
    const ids = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
    fc.assert(
      fc.property(ids, (order) => {
        const board = order.map((id) => trade(id, String(id))).reduce(withTrade, EMPTY);
        expect(board.quotes["BTC-USD"]?.tradeId).to.equal(Math.max(...order));
      }),
    );
  });

  it("knows the change only when both ends are known", () => {
    const priced = withTrade(EMPTY, trade(1, "110"));
    expect(changeOf(priced, "BTC-USD")).to.equal(undefined);
    expect(changeOf({ ...priced, days: { "BTC-USD": [0, 100] } }, "BTC-USD")).to.equal(undefined);
    expect(changeOf({ ...priced, days: { "BTC-USD": [100, 105] } }, "BTC-USD")).to.equal(10);
  });

  it("draws a day within its box, and one that never moved in the middle", () => {
    expect(linePath([1, 3, 2], 100, 24)).to.equal("M0 24L50 0L100 12");
    expect(linePath([5, 5], 100, 24)).to.equal("M0 12L100 12");
    expect(linePath([5], 100, 24)).to.equal("");
  });
});

describe("web: the posts", () => {
  const frame = (post: string, symbol = "BTC"): FrameOf<"sentiment"> => ({
    type: "sentiment",
    ...{ post, symbol, score: 0.5, confidence: 0.9, hour: { mean: 0.1, posts: 2 } },
    ...{ time: TIME, receivedAt: TIME, partition: 0, offset: 1 },
  });

  it("are the newest first, each once for each coin that it names", () => {
    const posts = [frame("rss:1"), frame("reddit:2"), frame("rss:1"), frame("rss:1", "ETH")].reduce(withPost, []);
    expect(posts.map(({ id, symbol, source }) => [id, symbol, source])).to.deep.equal([
      ["rss:1", "ETH", "News"],
      ["reddit:2", "BTC", "Reddit"],
      ["rss:1", "BTC", "News"],
    ]);
  });

  it("stand by when they were written, though news comes late", () => {
    const at = (post: string, time: string) => ({ ...frame(post), time });
    const posts = [
      at("bluesky:1", "2026-11-25T12:00:10.000Z"),
      at("rss:2", "2026-11-25T12:00:05.000Z"),
      at("rss:3", "2026-11-25T12:00:07.000Z"),
      at("bluesky:4", "2026-11-25T12:00:11.000Z"),
    ].reduce(withPost, []);
    expect(posts.map(({ id }) => id)).to.deep.equal(["bluesky:4", "bluesky:1", "rss:3", "rss:2"]);
  });

  it("are never more than fit", () => {
    const posts = Array.from({ length: MOST_POSTS + 5 }, (_, index) => frame(`rss:${index}`)).reduce(withPost, []);
    expect(posts).to.have.lengthOf(MOST_POSTS);
    expect(posts[0]?.id).to.equal(`rss:${MOST_POSTS + 4}`);
  });
});

describe("web: the alerts that fired", () => {
  const alert = (id: string, firedAt: string): Alert => ({
    ...{ id, rule: "r", kind: "price", subject: "BTC-USD", direction: "above", threshold: "5", value: "6" },
    ...{ time: firedAt, firedAt },
  });

  it("are each there once, newest first, whether the list or the stream brought them", () => {
    const [old, young] = [alert("a", "2026-11-25T10:00:00Z"), alert("b", "2026-11-25T11:00:00Z")];
    const history = [[old], [young, old], [young]].reduce(withAlerts, { ...NO_HISTORY, next: "c" });
    expect(history.items.map(({ id }) => id)).to.deep.equal(["b", "a"]);
    expect(history.next).to.equal("c");
  });

  it("are told in a sentence with their unit", () => {
    expect(sentence(alert("a", TIME))).to.equal("BTC-USD is 6, above 5");
    expect(sentence({ ...alert("a", TIME), kind: "change" })).to.equal("BTC-USD moved 6 %, above 5 %");
  });
});

describe("web: the chart", () => {
  const bar = { time: Date.parse("2026-11-25T12:00:00Z") / 1000, open: 10, high: 12, low: 9, close: 11, volume: 5 };

  it("lets a trade of now lead the last candle on", () => {
    expect(barWith([bar], trade(1, "13"), 60)).to.deep.equal({ ...bar, high: 13, close: 13 });
    expect(barWith([bar], trade(1, "8"), 60)).to.deep.equal({ ...bar, low: 8, close: 8 });
  });

  it("begins a candle where one has ended, and leaves ended ones alone", () => {
    const before = { ...bar, time: bar.time - 60 };
    const after = { ...bar, time: bar.time + 60 };
    const begun = { time: bar.time, open: 7, high: 7, low: 7, close: 7, volume: 0 };
    expect(barWith([before], trade(1, "7"), 60)).to.deep.equal(begun);
    expect(barWith([after], trade(1, "7"), 60)).to.equal(undefined);
  });

  it("is summed up in numbers", () => {
    const series = { bars: [bar, { ...bar, high: 20, close: 15 }], moods: [{ time: bar.time, value: 0.3 }] };
    expect(summarise(series)).to.deep.equal({ close: 15, high: 20, low: 9, change: 50, mood: 0.3 });
    expect(summarise({ bars: [], moods: [] })).to.equal(undefined);
  });
});

describe("web: what is asked for", () => {
  it("keeps what was there while it is asked again, and after a refusal", async () => {
    const loader = createLoader<number>(() => undefined);
    await loader.load(() => Promise.resolve(1));
    const again = loader.load(() => Promise.reject(new Error("away")));
    expect(loader.state).to.deep.include({ value: 1, loading: true });
    await again;
    expect(loader.state).to.deep.include({ value: 1, loading: false });
    expect(loader.state.problem?.code).to.equal("page");
  });

  it("takes the latest question's answer, though an earlier one's comes later", async () => {
    const loader = createLoader<string>(() => undefined);
    const slow = loader.load(() => new Promise((done) => setTimeout(() => done("slow"), 20)));
    await loader.load(() => Promise.resolve("fast"));
    await slow;
    expect(loader.state.value).to.equal("fast");
  });
});

describe("web: what a screen reader is told", () => {
  it("is one sentence at a time, the newest of what waits", () => {
    const later: (() => void)[] = [];
    const announcer = createAnnouncer(
      () => undefined,
      (work) => later.push(work),
    );
    const heard: string[] = [];
    for (const sentence of ["one", "two", "three", "four", "five"]) announcer.say(sentence);
    for (let rest: (() => void) | undefined; ;) {
      heard.push(announcer.text);
      rest = later.shift();
      if (!rest) break;
      rest();
    }
    expect(heard).to.deep.equal(["one", "three", "four", "five", "five"]);
  });
});

describe("web: addresses", () => {
  it("name a page, and the first one when they name none", () => {
    expect(routeOf("#/chart/ETH-USD")).to.deep.equal({ page: "chart", product: "ETH-USD" });
    expect(routeOf("#/chart/<script>")).to.deep.equal({ page: "chart", product: undefined });
    expect(["", "#", "#/nowhere", "#/prices"].map((hash) => routeOf(hash).page)).to.deep.equal(
      Array.from({ length: 4 }, () => "prices"),
    );
  });
});

describe("web: the system", () => {
  const side = (name: string, weight: number, services: readonly string[]) => ({
    ...{ name, target: "ecs", weight },
    services: services.map((service) => ({ name: service, ready: 1, wanted: 1 })),
  });

  it("shares out the traffic by weight; without any nobody has a share", () => {
    const sides = [side("blue", 1, ["b", "a"]), side("green", 3, ["c", "a"])] as const;
    expect(sides.map((one) => shareOf(one, sides))).to.deep.equal([25, 75]);
    expect(shareOf(side("blue", 0, []), [side("blue", 0, [])])).to.equal(0);
    expect(serviceNames(sides)).to.deep.equal(["a", "b", "c"]);
  });
});
