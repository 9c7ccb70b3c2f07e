/**
 * A mapping of a foreign file, read field by field. What nobody has asked for when `end` comes is a field that we do not
 * know, and is noted; so nothing can be ignored by forgetting it. Values never come into a note: some are secrets.
 */
import { isDeepStrictEqual } from "node:util";
import type { Log, Note } from "./log.ts";

export class Fields {
  readonly where: string;
  readonly path: string;
  readonly log: Log;
  readonly #record: Readonly<Record<string, unknown>>;
  readonly #known = new Set<string>();

  private constructor(record: Readonly<Record<string, unknown>>, where: string, path: string, log: Log) {
    this.#record = record;
    this.where = where;
    this.path = path;
    this.log = log;
  }

  /** Reads a mapping to its end; undefined, with a problem, where the value is none. */
  static read<T>(value: unknown, where: string, path: string, log: Log, read: (fields: Fields) => T): T | undefined {
    if (!isRecord(value)) {
      wrongType(log, where, path, value, "a mapping");
      return undefined;
    }
    const fields = new Fields(value, where, path, log);
    const result = read(fields);
    fields.#end();
    return result;
  }

  has(name: string): boolean {
    return !isEmpty(this.#own(name));
  }

  text(name: string): string | undefined {
    return this.#typed(name, (value) => typeof value === "string", "a text (a number or yes/no in quotes)");
  }

  number(name: string): number | undefined {
    const fits = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
    return this.#typed(name, fits, "a number");
  }

  /** A count, a port, seconds: whole and not below zero. */
  whole(name: string): number | undefined {
    const fits = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
    return this.#typed(name, fits, "a whole number from 0");
  }

  flag(name: string): boolean | undefined {
    return this.#typed(name, (value) => typeof value === "boolean", "true or false");
  }

  /** A number or a text that holds one, as quantities, percentages and ports may be. */
  scalar(name: string): string | number | undefined {
    const fits = (value: unknown): value is string | number =>
      typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
    return this.#typed(name, fits, "a number or a text");
  }

  texts(name: string): readonly string[] {
    const fits = (value: unknown): value is readonly string[] =>
      Array.isArray(value) && value.every((each) => typeof each === "string");
    return this.#typed(name, fits, "a list of texts") ?? [];
  }

  /** A mapping of texts, as labels are. */
  map(name: string): ReadonlyMap<string, string> {
    const fits = (value: unknown): value is Readonly<Record<string, string>> =>
      isRecord(value) && Object.values(value).every((each) => typeof each === "string");
    return new Map(Object.entries(this.#typed(name, fits, "a mapping of texts") ?? {}));
  }

  /** A mapping of numbers or texts that hold one, as resources are. */
  scalars(name: string): ReadonlyMap<string, string | number> {
    const fits = (value: unknown): value is Readonly<Record<string, string | number>> =>
      isRecord(value) && Object.values(value).every((each) => typeof each === "string" || Number.isFinite(each));
    return new Map(Object.entries(this.#typed(name, fits, "a mapping of numbers or texts") ?? {}));
  }

  /** The names of a mapping, whatever the values: those of a Secret are nobody's business. */
  names(name: string): readonly string[] {
    return Object.keys(this.#typed(name, isRecord, "a mapping") ?? {});
  }

  object<T>(name: string, read: (fields: Fields) => T): T | undefined {
    const value = this.#take(name);
    return value === undefined || value === null
      ? undefined
      : Fields.read(value, this.where, this.#pathOf(name), this.log, read);
  }

  list<T>(name: string, read: (fields: Fields, index: number) => T): readonly T[] {
    const value = this.#typed(name, Array.isArray, "a list") ?? [];
    return value.flatMap((item: unknown, index) => {
      const found = Fields.read(item, this.where, `${this.#pathOf(name)}[${index}]`, this.log, (fields) =>
        read(fields, index),
      );
      return found === undefined ? [] : [found];
    });
  }

  /** A mapping that lies deeper, under another's care. */
  nested<T>(value: unknown, path: string, read: (fields: Fields) => T): T | undefined {
    return Fields.read(value, this.where, this.#pathOf(path), this.log, read);
  }

  /** What stands there, of any form, for a reader that judges it itself. */
  raw(name: string): unknown {
    return this.#take(name);
  }

  /** Fields that the platform fills in, or that are about something else: one note for all that are there. */
  aside(sentence: string, ...names: readonly string[]): void {
    for (const name of names) if (this.#takeFilled(name)) this.note("setAside", name, sentence);
  }

  /** A field that our terms have no word for. Without a value it says nothing, and so do we. */
  unsaid(name: string, sentence: string, at?: string): void {
    if (this.#takeFilled(name)) this.note("unsaid", name, sentence, at);
  }

  /** What every workload of ours has anyway: nothing to say when it is so, and unsaid when it is otherwise. */
  ours(name: string, values: readonly unknown[], sentence: string): void {
    const value = this.#take(name);
    if (value === undefined || value === null || values.some((each) => isDeepStrictEqual(each, value))) return;
    this.note("unsaid", name, sentence);
  }

  /** The rest is read elsewhere. */
  skip(): void {
    for (const name of Object.keys(this.#record)) this.#known.add(name);
  }

  note(kind: Note["kind"], name: string, sentence: string, at?: string): void {
    const field = name === "" ? this.path : this.#pathOf(name);
    this.log.notes.push({ kind, where: this.where, field, sentence, ...(at === undefined ? {} : { at }) });
  }

  /** What is there but cannot be meant so. */
  problem(name: string, found: string, allowed: string): void {
    this.log.problems.push({
      code: "foreign-value",
      path: located(this.where, this.#pathOf(name)),
      found,
      allowed,
    });
  }

  #end(): void {
    for (const [name, value] of Object.entries(this.#record)) {
      if (this.#known.has(name) || value === null) continue;
      this.note("unknown", name, "a field that we do not know");
    }
  }

  #own(name: string): unknown {
    return Object.hasOwn(this.#record, name) ? this.#record[name] : undefined;
  }

  #take(name: string): unknown {
    this.#known.add(name);
    return this.#own(name);
  }

  #takeFilled(name: string): boolean {
    return !isEmpty(this.#take(name));
  }

  #typed<T>(name: string, fits: (value: unknown) => value is T, allowed: string): T | undefined {
    const value = this.#take(name);
    if (value === undefined || value === null) return undefined;
    if (fits(value)) return value;
    wrongType(this.log, this.where, this.#pathOf(name), value, allowed);
    return undefined;
  }

  #pathOf(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What `aws … describe` prints for nothing: an empty list, an empty mapping, an empty text, null. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function wrongType(log: Log, where: string, path: string, value: unknown, allowed: string): void {
  log.problems.push({ code: "foreign-type", path: located(where, path), found: formOf(value), allowed });
}

function located(where: string, path: string): string {
  return path === "" ? where : `${where}: ${path}`;
}

/** Its form and never itself. */
function formOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "string") return "a text";
  if (typeof value === "boolean") return "true or false";
  return Number.isFinite(value) ? "a number" : "a number without an end";
}
