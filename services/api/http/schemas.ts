import { z } from "zod";

/** The schemas that have a name in the OpenAPI document. */
export const schemas = z.registry<{ id: string }>();

/** Gives a schema its name. Each name once: the registry does not mind a second one, the document's reader would. */
export function named<S extends z.ZodType>(id: string, schema: S): S {
  schemas.add(schema, { id });
  return schema;
}
