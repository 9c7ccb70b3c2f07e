/** Where the page begins: its configuration, then the page. What fails here is said in a sentence, not in a blank. */
import { html, render } from "lit-html";
import * as z from "zod/mini";
import { startApp } from "./app.ts";
import { loadConfig } from "./config.ts";
import { restoreTheme } from "./state/browser.ts";

// Compiled schemas would need eval, which the content policy forbids.
z.config({ jitless: true });
restoreTheme();

const root = document.getElementById("app");
if (root) {
  root.replaceChildren();
  try {
    startApp(root, await loadConfig((...request) => fetch(...request)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    render(
      html`<main>
        <h1>CryptoTracker</h1>
        <p role="alert">This page could not start: ${why}</p>
      </main>`,
      root,
    );
  }
}
