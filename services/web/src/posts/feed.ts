/** The newest posts, as data: at most so many, each once. */
import type { FrameOf } from "../stream/frames.ts";

export interface Post {
  readonly id: string;
  readonly symbol: string;
  readonly source: string;
  readonly score: number;
  readonly confidence: number;
  readonly time: string;
}

export const MOST_POSTS = 60;

const SOURCES: Readonly<Record<string, string>> = { bluesky: "Bluesky", reddit: "Reddit", rss: "News" };

/** The newest first, by when they were written: news is fetched in bursts, older pieces among them. */
export function withPost(posts: readonly Post[], frame: FrameOf<"sentiment">): readonly Post[] {
  const { post, symbol, score, confidence, time } = frame;
  if (posts.some((known) => known.id === post && known.symbol === symbol)) return posts;
  const [source = ""] = post.split(":");
  const added: Post = { id: post, symbol, source: SOURCES[source] ?? source, score, confidence, time };
  const after = posts.findIndex((known) => Date.parse(known.time) <= Date.parse(time));
  const place = after < 0 ? posts.length : after;
  return posts.toSpliced(place, 0, added).slice(0, MOST_POSTS);
}
