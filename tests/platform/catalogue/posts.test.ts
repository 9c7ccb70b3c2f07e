/** Whom posts are read from: a setting that may be nobody, and becomes the ingestion service's environment. */
import { expect } from "chai";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import { parseSettings, type Settings } from "../../../platform/settings.ts";
import { dev, problemsOf } from "../../support/stacks.ts";

function environment(posts: Settings["posts"]): Readonly<Record<string, string>> {
  const ingestion = cryptotracker({ ...dev, posts }).workloads.find(({ name }) => name === "data-ingestion-service");
  const entries = Object.entries(ingestion?.env ?? {}).filter(([name]) => name.startsWith("POSTS_"));
  return Object.fromEntries(entries);
}

describe("sources of posts", () => {
  it("are public ones by default, each by TLS", () => {
    const { POSTS_JETSTREAM_URL, POSTS_RSS_URLS, POSTS_REDDIT_URLS } = environment(dev.posts);
    expect(POSTS_JETSTREAM_URL).to.match(/^wss:/);
    for (const urls of [POSTS_RSS_URLS, POSTS_REDDIT_URLS]) expect(urls).to.match(/^https:[^,]+(,https:[^,]+)*$/);
  });

  it("are not told to the service where there are none", () => {
    expect(environment({ jetstreamUrl: null, rssUrls: [], redditUrls: [] })).to.deep.equal({});
  });

  it("are refused when they could not be told apart, or are of another protocol", () => {
    const posts = { jetstreamUrl: "https://a.example", rssUrls: ["https://a.example/?x=1,2"], redditUrls: ["ftp://a"] };
    const paths = problemsOf(parseSettings("x", { "cryptotracker:posts": posts })).map(({ path }) => path);
    expect(paths).to.include.members([
      "settings.posts.jetstreamUrl",
      "settings.posts.rssUrls.0",
      "settings.posts.redditUrls.0",
    ]);
  });
});
