/** Lists in pages: `{items, next}`, where `next` is the cursor of the page after, or null. */
import { z } from "zod";

import { named } from "./schemas.ts";

const MOST = 200;
const DEFAULT = 50;

export const wholeNumber = (allowed: string, min: number, max: number) =>
  z
    .string(allowed)
    .regex(/^\d{1,16}$/, allowed)
    .transform(Number)
    .pipe(z.number().min(min, allowed).max(max, allowed));

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The schema of a page; its name in the document is given. */
export const pageOf = <S extends z.ZodType>(id: string, item: S) =>
  named(
    id,
    z.object({
      items: z.array(item),
      next: z.string().nullable().describe("Cursor of the next page; null on the last one."),
    }),
  );

/**
 * A cursor names the last row of a page by the values that the list is ordered by, so rows that come or go meanwhile
 * neither repeat nor hide others. It is checked, not signed: whoever makes one up gets a page of their own list.
 *
 * @param list its name, so that one list's cursor does not fit another
 */
export function createCursor<T extends readonly unknown[]>(list: string, position: z.ZodType<T>) {
  const form = z.tuple([z.literal(list), position]);
  const allowed = "must be the next of a page of this list";
  const field = z
    .string(allowed)
    .max(200, allowed)
    .regex(/^[\w-]+$/, allowed)
    .transform((text, context): T => {
      const read = form.safeParse(fromText(text));
      if (read.success) return read.data[1];
      context.addIssue({ code: "custom", message: allowed });
      return z.NEVER;
    })
    .describe("The `next` of the page before.");
  const query = z.strictObject({
    limit: wholeNumber(`must be a whole number, 1 to ${MOST}`, 1, MOST)
      .default(DEFAULT)
      .describe(`Most items of the page, 1 to ${MOST}; ${DEFAULT} when it is left out.`),
    cursor: field.optional(),
  });

  return {
    query,
    /** A page of rows, of which there are one more than the limit when there is a next page. */
    page: <R>(rows: readonly { readonly item: R; readonly position: T }[], limit: number): Page<R> => {
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const next = last && rows.length > limit ? toText([list, last.position]) : null;
      return { items: shown.map(({ item }) => item), next };
    },
  };
}

const toText = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function fromText(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return undefined;
  }
}
