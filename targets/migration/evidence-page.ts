/** The evidence as one HTML page that needs nothing else: styles, script, chart library and data are in it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Evidence } from "./evidence.ts";
import { CHARTS } from "./evidence-charts.ts";
import { html, Html, scriptJson } from "./evidence-html.ts";
import * as sections from "./evidence-sections.ts";
import { STYLE } from "./evidence-style.ts";

/** Nothing is loaded, whatever the data says. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** @throws Error when the chart library isn't installed */
export function evidencePage(evidence: Evidence): string {
  const { headline, from, to } = evidence;
  const raw = (text: string): Html => new Html(text);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>${headline} · ${from} → ${to}</title>
        <style>
          ${raw(library("uPlot.min.css"))}${raw(STYLE)}
        </style>
      </head>
      <body>
        <main>
          ${sections.headline(evidence)} ${sections.numbers(evidence)} ${sections.charts(evidence)}
          ${sections.gates(evidence)} ${sections.steps(evidence)} ${sections.accounts(evidence)}
          ${sections.losses(evidence)} ${sections.rerun(evidence)}
        </main>
        <script type="application/json" id="evidence">
          ${raw(scriptJson(evidence))}
        </script>
        <script>
          ${raw(library("uPlot.iife.min.js"))};
        </script>
        <script>
          ${raw(CHARTS)};
        </script>
      </body>
    </html> `.text;
}

const library = (file: string): string =>
  readFileSync(fileURLToPath(import.meta.resolve(`uplot/dist/${file}`)), "utf8");
