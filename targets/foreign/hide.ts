/** Values as they may be shown: what looks like a secret is not. */
import { looksLikeSecret } from "../../platform/model/secrets.ts";

export const HIDDEN = "(hidden: it looks like a secret)";

export function shownVariable(name: string, value: string): string {
  return looksLikeSecret(name, value) ? HIDDEN : value;
}

/** Arguments of a command, of which any can carry a secret: `--password=…`, or the word after `--password`. */
export function shownArguments(words: readonly string[]): readonly string[] {
  return words.map((word, index) => {
    const [, name, value] = /^-{0,2}([A-Za-z0-9_.-]+)[=:](.+)$/s.exec(word) ?? [];
    const before = /^-+([A-Za-z0-9_.-]+)$/.exec(words[index - 1] ?? "")?.[1] ?? "";
    const named = (each: string): string => each.replaceAll(/[.-]/g, "_");
    if (name !== undefined && value !== undefined && looksLikeSecret(named(name), value)) return HIDDEN;
    return looksLikeSecret(named(before), word) ? HIDDEN : word;
  });
}
