import { round } from "./lexicon.ts";
import type { Opinion } from "./model.ts";

/** What an opinion on a post is worth for one of its symbols: who compares many says less about each of them. */
export function weighed({ score, confidence, model }: Opinion, among: number): Opinion {
  return { score: round(score), confidence: round(confidence / Math.sqrt(among)), model };
}
