/** The OpenAPI document as a page to read. */
import { escaped, page } from "./html.ts";
import type { JsonSchema, OpenApi, Operation } from "./open-api.ts";
import type { Answer } from "./route.ts";

export function docsPage(document: OpenApi, documentPath: string): Answer {
  const base = document.servers[0]?.url ?? "";
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      title: `${method.toUpperCase()} ${base}${path}`,
      operation,
    })),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag));
    return `<h2>${escaped(tag)}</h2>\n${own.map(({ title, operation }) => operationSection(title, operation)).join("\n")}`;
  });
  const shapes = Object.entries(document.components.schemas).map(
    ([name, schema]) => `<h3 id="${escaped(name)}">${escaped(name)}</h3>\n${code(schema)}`,
  );
  return page(
    `${document.info.title} API`,
    [
      prose(document.info.description),
      `<p>For programs: <a href="${escaped(documentPath)}">${escaped(documentPath)}</a> (OpenAPI ${document.openapi}).</p>`,
      ...sections,
      "<h2>Shapes</h2>",
      ...shapes,
    ].join("\n"),
  );
}

function operationSection(title: string, operation: Operation): string {
  const { operationId, summary, description, parameters, requestBody, responses, security } = operation;
  const who = security.every((one) => "token" in one)
    ? "Needs a token."
    : "token" in (security[1] ?? {})
      ? "A token may be sent."
      : "";
  const rows = parameters.map(
    ({ name, in: where, required, description: what, schema }) =>
      `<tr><td><code>${escaped(name)}</code><td>${where}${required ? ", required" : ""}<td>${inline(what ?? "")} ${pattern(schema)}`,
  );
  const answers = Object.entries(responses).map(([status, response]) => {
    const [content] = Object.values(response.content ?? {});
    return `<tr><td>${status}<td>${inline(response.description)}<td>${content ? reference(content.schema) : ""}`;
  });
  const [taken] = Object.values(requestBody?.content ?? {});
  return [
    `<h3 id="${escaped(operationId)}"><code>${escaped(title)}</code></h3>`,
    `<p><strong>${inline(summary)}.</strong> ${inline(description ?? "")} ${who}</p>`,
    rows.length > 0 ? `<table>${rows.join("\n")}</table>` : "",
    taken ? `<p>Body: ${reference(taken.schema)}</p>` : "",
    `<details><summary>Answers</summary><table>${answers.join("\n")}</table></details>`,
  ].join("\n");
}

function reference({ $ref, type }: JsonSchema): string {
  if (typeof $ref !== "string") return escaped(String(type));
  const name = escaped($ref.slice($ref.lastIndexOf("/") + 1));
  return `<a href="#${name}">${name}</a>`;
}

const pattern = ({ enum: values, format }: JsonSchema): string =>
  Array.isArray(values)
    ? `One of ${escaped(values.join(", "))}.`
    : typeof format === "string"
      ? `(${escaped(format)})`
      : "";

const prose = (text: string): string => `<p>${inline(text)}</p>`;
const code = (value: unknown): string => `<pre>${escaped(JSON.stringify(value, null, 2))}</pre>`;
/** What stands between backticks is code. */
const inline = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
