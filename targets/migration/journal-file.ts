/** A journal in a file: appended to, and on the disk before anybody goes on. */
import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type Journal, type JournalEntry, parseJournal } from "./journal.ts";

/** Entries of every migration that the file has seen, the oldest first; none where there is no file. */
export function readJournal(path: string): readonly JournalEntry[] {
  return parseJournal(textOf(path)).entries;
}

/**
 * Opens it for more. What a crash left of a last line is cut off first, or the next one would be glued to it.
 * @throws JournalError for a damaged one, and what the file system throws
 */
export function openJournal(path: string): Journal & { close(): void } {
  mkdirSync(dirname(path), { recursive: true });
  const { whole } = parseJournal(textOf(path));
  const file = openSync(path, "a");
  ftruncateSync(file, whole);
  fsyncSync(file);
  syncFolder(dirname(path));
  return {
    append: (entry) => {
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      for (let written = 0; written < line.length;) written += writeSync(file, line, written);
      fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}

/** A new file's name lasts only once its folder is on the disk too. */
function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
