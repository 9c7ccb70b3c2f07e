/** `--prices FILE` → a price book. */
import { readFileSync } from "node:fs";
import type { Problem, Result } from "../../platform/model/types.ts";
import { parseBook, type PriceBook } from "./price-book.ts";

/** Every problem at once; none is thrown, a file that is not there included. */
export function readBook(file: string): Result<PriceBook> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const [found = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return refuse({ code: "price-file", path: file, found, allowed: "a JSON file that can be read" });
  }
  return parseBook(value);
}

function refuse(problem: Problem): Result<never> {
  return { ok: false, problems: [problem] };
}
