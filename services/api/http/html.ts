/** Small pages of our own: no script, one style sheet, nothing from elsewhere. */
import { createHash } from "node:crypto";

import type { Answer } from "./route.ts";

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 3rem; border-bottom: 1px solid; }
h3 { margin-top: 2rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { padding: 1rem; overflow: auto; border: 1px solid; border-radius: .3rem; }
table { border-collapse: collapse; }
td, th { padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top; }
summary { cursor: pointer; }
button { font: inherit; padding: .4rem 1rem; }`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");
/** Forms go back to where they came from, and no frame may lay its own page over ours. */
const POLICY = [
  ...["default-src 'none'", `style-src 'sha256-${STYLE_HASH}'`, "form-action 'self'"],
  ...["frame-ancestors 'none'", "base-uri 'none'"],
].join("; ");

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** @param body HTML, with all text in it escaped */
export function page(title: string, body: string): Answer {
  const text = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<h1>${escaped(title)}</h1>
${body}
`;
  // An address of ours may be a secret, which no other site should be told as where a reader came from.
  const headers = { "content-security-policy": POLICY, "referrer-policy": "no-referrer" };
  return { status: 200, headers, body: { type: "html", text } };
}
