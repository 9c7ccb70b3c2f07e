/** Files → documents: YAML (of which JSON is a part), several to a file, with a line for what is not well-formed. */
import { readFileSync, statSync } from "node:fs";
import { LineCounter, parseAllDocuments } from "yaml";
import type { Problem, Result } from "../../platform/model/types.ts";

export interface Document {
  readonly file: string;
  /** From 1, among the documents of its file. */
  readonly number: number;
  readonly value: unknown;
}

/** NUL to backspace, and what follows the carriage return: YAML allows none of them. */
const CONTROL = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)).filter((each) => !/\s/.test(each));

/** A namespace of a thousand objects is some megabytes; what is larger is no such file, or one for `jq` first. */
export const MOST_BYTES = 16 * 1024 * 1024;
/** Manifests repeat a handful of anchors; a bomb multiplies. */
const MOST_ALIASES = 200;

/** The documents of all files, or every file's problem. */
export function readDocuments(files: readonly string[]): Result<readonly Document[]> {
  const read = files.map((file) => {
    const text = textOf(file);
    return text.ok ? parseDocuments(file, text.value) : text;
  });
  const problems = read.flatMap((each) => (each.ok ? [] : each.problems));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: read.flatMap((each) => (each.ok ? each.value : [])) };
}

function textOf(file: string): Result<string> {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return refuse("file", file, "no such file", "a file that is there");
  if (!stat.isFile()) return refuse("file", file, stat.isDirectory() ? "a folder" : "no regular file", "a file");
  if (stat.size > MOST_BYTES) return tooLarge(file, stat.size);
  return decode(file, readFileSync(file));
}

function tooLarge(file: string, size: number): Result<never> {
  return refuse("file-size", file, `${size} bytes`, `at most ${MOST_BYTES} bytes: select what is to be compared`);
}

/** UTF-8, or UTF-16 with a mark, as a Windows shell redirects. */
export function decode(file: string, bytes: Uint8Array): Result<string> {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!CONTROL.some((each) => text.includes(each))) return { ok: true, value: text };
  } catch {
    // Not well-formed: the same sentence.
  }
  return refuse("file-binary", file, "bytes that are no text", "YAML or JSON in UTF-8");
}

/** @param file only for what is said about it */
export function parseDocuments(file: string, text: string): Result<readonly Document[]> {
  if (text.length > MOST_BYTES) return tooLarge(file, text.length);
  if (text.trim() === "") return refuse("file-empty", file, "nothing", "YAML or JSON");
  try {
    return parsed(file, text);
  } catch (error) {
    // What the parser throws names the text that it stumbled over, which may be a secret.
    const aliases = error instanceof ReferenceError;
    return refuse(
      aliases ? "yaml-alias" : "yaml-depth",
      file,
      aliases ? "an alias of nothing, or more aliases than a file by hand has" : "nesting deeper than any manifest's",
      aliases ? `anchors that stand before their aliases, at most ${MOST_ALIASES} of these` : "plain manifests",
    );
  }
}

function parsed(file: string, text: string): Result<readonly Document[]> {
  const lines = new LineCounter();
  const options = {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    logLevel: "silent",
    stringKeys: true,
  } as const;
  const documents = parseAllDocuments(text, options);
  const list = Array.isArray(documents) ? documents : [];
  for (const { errors } of list) {
    const [error] = errors;
    if (!error) continue;
    const { line, col } = lines.linePos(error.pos[0]);
    const template = /\{\{-?\s/.test(text) ? "; a chart's templates are first rendered, by helm template" : "";
    return refuse("yaml-syntax", `${file}:${line}:${col}`, SYNTAX[error.code] ?? "no YAML", `YAML or JSON${template}`);
  }
  const values = list.map((document) => document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown);
  const filled = values.flatMap((value, index) => (value === null ? [] : [{ file, number: index + 1, value }]));
  return filled.length > 0
    ? { ok: true, value: filled }
    : refuse("file-empty", file, "nothing but comments", "YAML or JSON");
}

/** What a person calls the parser's codes; its own messages quote the file. */
const SYNTAX: Readonly<Record<string, string>> = {
  BAD_ALIAS: "an alias that is malformed",
  BAD_INDENT: "an indentation that fits no line above, or a bracket that is not closed",
  BLOCK_IN_FLOW: "a block inside of brackets",
  DUPLICATE_KEY: "a key that stands there twice",
  MISSING_CHAR: "a quote, a comma or a colon that is missing",
  MULTILINE_IMPLICIT_KEY: "a key over more than one line",
  NON_STRING_KEY: "a key that is no text",
  RESOURCE_EXHAUSTION: "nesting deeper than any manifest's",
  TAB_AS_INDENT: "a tab that indents",
  UNEXPECTED_TOKEN: "something that cannot stand there",
};

function refuse(code: string, path: string, found: string, allowed: string): Result<never> {
  const problem: Problem = { code, path, found, allowed };
  return { ok: false, problems: [problem] };
}
