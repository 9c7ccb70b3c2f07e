/** What the sentiment processor asks the model by a queue, and what it answers by another. */
import { z } from "zod";

import { instant, postId, score, symbol, wholeNumber } from "../topics/fields.ts";
import { MOST_TEXT } from "../topics/posts.ts";
import { reader, writer } from "../topics/read.ts";

/** Names the score that is asked for again: the key of its row. */
const subject = { v: z.literal(1), post: postId, symbol, time: instant };

/**
 * A post whose score may become better, version 1 of ml-requests. At least once: the same twice gives two answers, of
 * which one counts.
 */
export const scoringRequest = z.object({
  ...subject,
  /** How many symbols the post names: who compares many says less about each. The answer repeats it. */
  among: wholeNumber.min(1).max(20),
  text: z.string().min(1).max(MOST_TEXT),
});
export type ScoringRequest = z.infer<typeof scoringRequest>;
export const readScoringRequest = reader(scoringRequest);
export const writeScoringRequest = writer(scoringRequest);

/** What the model says of it, version 1 of ml-results. At least once. */
export const scoringResult = z.object({
  ...subject,
  among: wholeNumber.min(1).max(20),
  score,
  confidence: z.number().min(0).max(1),
  model: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "must be a model's name"),
});
export type ScoringResult = z.infer<typeof scoringResult>;
export const readScoringResult = reader(scoringResult);
export const writeScoringResult = writer(scoringResult);
