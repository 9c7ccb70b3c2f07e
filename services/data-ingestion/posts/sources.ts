import { createFeeds } from "./feed-source.ts";
import { createJetstream } from "./jetstream-source.ts";
import { createReddit } from "./reddit-source.ts";
import type { PostSource } from "./source.ts";

export interface Configured {
  readonly jetstreamUrl: string | undefined;
  readonly rssUrls: readonly string[];
  readonly redditUrls: readonly string[];
  /** Milliseconds between two visits of a feed or a listing. */
  readonly pollEvery: number;
}

/** The sources that have anything to read. */
export function sourcesOf({ jetstreamUrl, rssUrls, redditUrls, pollEvery: every }: Configured): readonly PostSource[] {
  return [
    ...(jetstreamUrl === undefined ? [] : [createJetstream({ url: jetstreamUrl })]),
    ...(rssUrls.length === 0 ? [] : [createFeeds({ urls: rssUrls, every })]),
    ...(redditUrls.length === 0 ? [] : [createReddit({ urls: redditUrls, every })]),
  ];
}
