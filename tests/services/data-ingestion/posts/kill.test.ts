/** Posts from all sources into the topic, through an owner that is killed without a word. */
import { expect } from "chai";

import { createDigest } from "../../../../services/data-ingestion/posts/digest.ts";
import { createPostStore } from "../../../../services/data-ingestion/posts/store.ts";
import { createReplay, type Replay } from "../../../../services/data-ingestion/replay/app.ts";
import { articleUrl } from "../../../../services/data-ingestion/replay/posts/feeds.ts";
import { blueskyId } from "../../../../services/data-ingestion/replay/posts/jetstream.ts";
import { fullnameOf } from "../../../../services/data-ingestion/replay/posts/listing.ts";
import type { Kafka } from "../../../../services/shared/kafka.ts";
import { type RawPost, readRawPost } from "../../../../services/shared/topics/posts.ts";
import { type ServiceProcess, spawnService } from "../../process.ts";
import { createTopics, type Database, freshDatabase, kafkaAt, needs, unique, until } from "../../support.ts";
import { listen, type Listener } from "../../topics.ts";

const TOTAL = 900;

describe("services/data-ingestion, posts, killed", () => {
  let kafka: Kafka;
  let database: Database;
  let replay: Replay;
  let at: string;
  let listener: Listener<RawPost>;
  const running = new Set<ServiceProcess>();
  const topics = { prices: unique("prices"), posts: unique("posts"), dead: unique("dead") };
  const group = unique("writer");

  before(async function () {
    this.timeout(60_000);
    kafka = kafkaAt(needs(this, "KAFKA_BROKERS"));
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    for (const topic of Object.values(topics)) await createTopics(kafka, { topic, numPartitions: 3 });
    listener = await listen(kafka, topics.posts, readRawPost);
    replay = createReplay({ seed: 9, products: ["BTC-USD"], rate: 5, posts: { rate: 60, total: TOTAL } });
    at = `127.0.0.1:${await replay.listen(0)}`;
  });
  after(async () => {
    for (const each of running) await each.end("SIGKILL");
    await (listener as Listener<RawPost> | undefined)?.stop();
    await (replay as Replay | undefined)?.close();
    await (database as Database | undefined)?.drop();
  });

  const start = async (): Promise<ServiceProcess> => {
    const service = await spawnService("data-ingestion", {
      ...{ DATABASE_URL: database.url, KAFKA_BROKERS: process.env["KAFKA_BROKERS"] ?? "", KAFKA_SECURITY: "plaintext" },
      ...{
        PRICES_TOPIC: topics.prices,
        PRICES_GROUP: group,
        DEAD_LETTER_TOPIC: topics.dead,
        POSTS_TOPIC: topics.posts,
      },
      ...{ FEED_URL: `ws://${at}`, FEED_REST_URL: `http://${at}`, FEED_PRODUCTS: "BTC-USD" },
      POSTS_JETSTREAM_URL: `ws://${at}/subscribe`,
      POSTS_RSS_URLS: `http://${at}/feeds/rss.xml,http://${at}/feeds/atom.xml`,
      POSTS_REDDIT_URLS: `http://${at}/r/CryptoCurrency/new.json`,
      POSTS_POLL_SECONDS: "1",
      LEASE_SECONDS: "2",
    });
    running.add(service);
    return service;
  };
  const owners = async (): Promise<Record<string, string>> => {
    const { rows } = await database.pool.query<{ name: string; fence: string }>(
      "select name, fence from leases where name like 'posts-%' and expires_at > clock_timestamp()",
    );
    return Object.fromEntries(rows.map(({ name, fence }) => [name, fence]));
  };
  const from = (source: RawPost["source"]): number =>
    listener.messages.filter((message) => message.source === source).length;

  it("loses no post of any source; what comes twice has one id", async function () {
    this.timeout(120_000);
    const first = await start();
    await until(async () => Object.keys(await owners()).length === 3);
    await start();
    await until(() => from("bluesky") >= 60 && from("rss") >= 60 && from("reddit") >= 60);
    running.delete(first);
    await first.end("SIGKILL");
    expect(listener.messages.length).to.be.below(TOTAL);

    const digest = createDigest(await createPostStore(database.pool).digestKey());
    const { bluesky = [], rss = [], reddit = [] } = replay.posts?.crowd.posts ?? {};
    const all = () => [
      ...bluesky.map((post) => digest.post("bluesky", blueskyId(post))),
      ...rss.map((post) => digest.post("rss", articleUrl(post))),
      ...reddit.map((post) => digest.post("reddit", fullnameOf(post))),
    ];
    const arrived = (): Set<string> => new Set(listener.messages.map(({ id }) => id));
    await until(() => all().length === TOTAL && arrived().size >= TOTAL);
    expect([...arrived()].sort()).to.deep.equal(all().sort());
    const fences = Object.values(await owners()).map(Number);
    expect(fences).to.have.length(3);
    expect(Math.min(...fences)).to.be.at.least(2);

    // And one time, so that it counts once; feeds tell theirs to the second or the millisecond.
    const streamed = listener.messages.filter(({ source }) => source !== "rss");
    expect(new Set(streamed.map(({ id, createdAt }) => `${id} ${createdAt}`)).size).to.equal(
      bluesky.length + reddit.length,
    );
    for (const name of ["did:plc", "writer"]) expect(JSON.stringify(listener.messages)).not.to.include(name);
  });

  it("keeps its positions and releases its leases when it is told to stop", async function () {
    this.timeout(30_000);
    const [service] = running;
    expect(await service?.end("SIGTERM")).to.equal(0);
    running.clear();
    expect(await owners()).to.deep.equal({});
    const { rows } = await database.pool.query<{ source: string; position: { cursor?: number } }>(
      "select source, position from post_sources order by source, stream",
    );
    expect(rows.map(({ source }) => source)).to.deep.equal(["bluesky", "reddit", "rss", "rss"]);
    expect(rows[0]?.position.cursor).to.equal(replay.posts?.crowd.posts.bluesky.at(-1)?.timeMicroseconds);
  });
});
