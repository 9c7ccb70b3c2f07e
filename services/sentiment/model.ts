/** What one model makes of a text. */
export interface Opinion {
  /** From -1, all bad, to 1, all good. */
  readonly score: number;
  /** How much the model trusts its score, 0 to 1. */
  readonly confidence: number;
  readonly model: string;
}

export interface Model {
  /** One opinion a text, in their order. @throws when the model can't be asked */
  score(texts: readonly string[]): Promise<readonly Opinion[]>;
}
