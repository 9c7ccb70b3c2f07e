import type { CleanPost, RawPost } from "../shared/topics/posts.ts";
import { clean } from "./clean.ts";
import { detectLanguage } from "./language.ts";
import type { NearDuplicates } from "./near-duplicates.ts";
import { SPAM, spamScore } from "./spam.ts";
import { findSymbols } from "./symbols.ts";

/** Why a post goes no further. None of these is a fault: such a post is counted, and not put aside. */
export type Drop = "empty" | "no symbol" | "too many symbols" | "spam" | "near duplicate";

export type Verdict =
  { readonly kept: true; readonly posts: readonly CleanPost[] } | { readonly kept: false; readonly because: Drop };

/** What the topic takes. Who names more coins lists them, and says nothing about any. */
const MOST_SYMBOLS = 20;

/**
 * A raw post as its clean ones, one a symbol, in the order in which it names them. Every language goes on: who scores
 * knows which of them it can read.
 */
export function preprocess(raw: RawPost, duplicates: NearDuplicates): Verdict {
  const { id, source, author, createdAt, receivedAt } = raw;
  const cleaned = clean(raw.text);
  const { text } = cleaned;
  if (text === "") return { kept: false, because: "empty" };
  const symbols = [...findSymbols(text)];
  if (symbols.length === 0) return { kept: false, because: "no symbol" };
  if (symbols.length > MOST_SYMBOLS) return { kept: false, because: "too many symbols" };
  if (spamScore(cleaned, symbols.length) >= SPAM) return { kept: false, because: "spam" };
  if (duplicates.seen({ id, author, text, receivedAt })) return { kept: false, because: "near duplicate" };
  const language = detectLanguage(text, raw.language);
  const posts = symbols.map((symbol): CleanPost => ({
    v: 1,
    id,
    source,
    symbol,
    symbols,
    text,
    language,
    createdAt,
    receivedAt,
  }));
  return { kept: true, posts };
}
