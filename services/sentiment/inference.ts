import { z } from "zod";

import { round } from "./lexicon.ts";
import type { Model } from "./model.ts";

export interface InferenceOptions {
  readonly url: string;
  readonly get?: typeof fetch;
  /** Milliseconds that a request may take; then what the posts are for would come too late. */
  readonly deadline?: number;
}

/** Of the second that a post has from arrival to screen. */
const DEADLINE_MS = 400;
/** Texts in one request: what the device takes in one go. */
export const BATCH = 64;
/** A model reads no further than this, and says as much. */
export const MOST_CHARACTERS = 2_000;

const answer = z.object({
  scores: z.array(z.object({ score: z.number().min(-1).max(1), confidence: z.number().min(0).max(1) })),
  model: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
});

/** The model behind `POST /v1/sentiment`. It throws for anything but one score a text, in time. */
export function createInference({ url, get = fetch, deadline = DEADLINE_MS }: InferenceOptions): Model {
  const endpoint = `${url.replace(/\/+$/, "")}/v1/sentiment`;
  const ask = async (texts: readonly string[]) => {
    const response = await get(endpoint, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ texts: texts.map((text) => text.slice(0, MOST_CHARACTERS).toWellFormed()) }),
      signal: AbortSignal.timeout(deadline),
      redirect: "error",
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the inference service answered ${response.status}`);
    }
    const { scores, model } = answer.parse(await response.json());
    if (scores.length !== texts.length) throw new Error(`${scores.length} scores for ${texts.length} texts`);
    return scores.map(({ score, confidence }) => ({ score: round(score), confidence: round(confidence), model }));
  };
  return {
    score: async (texts) => {
      const batches = Array.from({ length: Math.ceil(texts.length / BATCH) }, (_, i) =>
        texts.slice(i * BATCH, (i + 1) * BATCH),
      );
      return (await Promise.all(batches.map(ask))).flat();
    },
  };
}
