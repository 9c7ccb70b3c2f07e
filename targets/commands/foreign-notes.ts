/** What foreign files say beside our terms, for people. */
import type { Note } from "../foreign/index.ts";

/** Fields that we do not know, those without a word in our terms, and those that were set aside, which are only counted. */
export function noteLines(notes: readonly Note[]): readonly string[] {
  const of = (kind: Note["kind"]): readonly Note[] => notes.filter((each) => each.kind === kind);
  const each = ({ where, field, sentence }: Note): string =>
    `  ${where}${field === "" ? "" : `: ${field}`}: ${sentence}`;
  const aside = new Map<string, Set<string>>();
  for (const { sentence, field, where } of of("setAside")) {
    const name = field === "" ? (where.split(", ").at(-1) ?? "") : (field.split(".").at(-1) ?? "");
    aside.set(sentence, (aside.get(sentence) ?? new Set()).add(name));
  }
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [[title, ...lines].join("\n")];
  return [
    ...section("Not known to us", of("unknown").map(each)),
    ...section("Known, without a word in our terms", of("unsaid").map(each)),
    ...section(
      "Set aside",
      [...aside].map(([sentence, names]) => `  ${sentence}: ${[...names].join(", ")}`),
    ),
  ];
}
