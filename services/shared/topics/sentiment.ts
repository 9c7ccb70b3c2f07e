import { z } from "zod";

import { instant, postId, postSource, score, symbol, wholeNumber } from "./fields.ts";
import { reader, writer } from "./read.ts";

/**
 * How one post feels about one symbol, and how the symbol stands with it, version 1 of the sentiment topic. Key: the
 * symbol. At least once, in the order of storing; `post`, `symbol` and `revision`
 * together name it.
 */
export const sentimentMessage = z.object({
  v: z.literal(1),
  post: postId,
  source: postSource,
  symbol,
  score,
  /** How much the model trusts its score, 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** Which model said so, `lexicon-1`. */
  model: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "must be a model's name"),
  /** 0: its first score. 1: the model's late one, with the hour as it stood at the first; alerts and the stream pass it by. */
  revision: wholeNumber.max(1).default(0),
  /** The last hour up to this post, this one included. */
  hour: z.object({ mean: score, posts: wholeNumber.min(1) }),
  /** When the post was written. */
  time: instant,
  /** When we got it: from here to the browser is our own time. */
  receivedAt: instant,
});
export type SentimentMessage = z.infer<typeof sentimentMessage>;
export const readSentiment = reader(sentimentMessage);
export const writeSentiment = writer(sentimentMessage);
