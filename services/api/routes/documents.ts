import { docsPage } from "../http/docs-page.ts";
import { openApiOf } from "../http/open-api.ts";
import { json, type Route, route } from "../http/route.ts";

const OPEN_API = "/openapi.json";
const common = { method: "get", tag: "Documents", access: "open", cacheControl: "public, max-age=300" } as const;

/** What describes the API, for programs and for people. Made once: it changes with a release only. */
export function documentRoutes(routes: readonly Route[], base: string): readonly Route[] {
  const document = openApiOf(routes);
  const [forPrograms, forPeople] = [json(document), docsPage(document, base + OPEN_API)];
  return [
    route({
      ...common,
      id: "getOpenApi",
      path: OPEN_API,
      summary: "The OpenAPI document",
      answers: { 200: { description: "The document." } },
      handle: () => Promise.resolve(forPrograms),
    }),
    route({
      ...common,
      id: "getDocs",
      path: "/docs",
      summary: "The document as a page",
      answers: { 200: { description: "The page.", page: true } },
      handle: () => Promise.resolve(forPeople),
    }),
  ];
}
