/** What surrounds every page: the way around, whether it is live, and whose page it is. */
import { html, nothing, svg, type TemplateResult } from "lit-html";
import { THEMES, type Theme } from "../state/browser.ts";
import { pathTo, type Route } from "../state/paths.ts";
import type { SessionState } from "../state/session.ts";
import { type Connection, describe } from "../stream/connection.ts";

export interface LayoutParts {
  readonly route: Route;
  readonly title: string;
  readonly connection: Connection;
  readonly session: SessionState;
  readonly theme: Theme;
  readonly isPaused: boolean;
  readonly announcement: string;
  readonly content: TemplateResult;
  readonly onTheme: (theme: Theme) => void;
  readonly onPause: () => void;
}

const LINKS: readonly (readonly [Route["page"], string])[] = [
  ["prices", "Prices"],
  ["chart", "Chart"],
  ["posts", "Posts"],
  ["alerts", "Alerts"],
  ["system", "System"],
];

/** The `#` names pages here, so the link moves the focus itself. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

export function layout(parts: LayoutParts): TemplateResult {
  const { route, title, session, content, announcement } = parts;
  const current = (page: Route["page"]) => (route.page === page ? "page" : nothing);
  const isAccount = route.page === "account" || route.page === "sign-up";
  return html`
    <a class="skip" href="#main" @click=${skip}>Skip to the content</a>
    <header class="bar">
      <a class="brand" href=${pathTo("prices")}
        ><img src="/favicon.svg" alt="" width="26" height="26" />CryptoTracker</a
      >
      <nav aria-label="Pages">
        <ul>
          ${LINKS.map(
            ([page, label]) => html`<li><a href=${pathTo(page)} aria-current=${current(page)}>${label}</a></li>`,
          )}
        </ul>
      </nav>
      ${controls(parts)}
      <a class="account" href=${pathTo("account")} aria-current=${isAccount ? "page" : nothing}>
        ${session.is === "in" ? "Account" : "Sign in"}
      </a>
    </header>
    <main id="main" tabindex="-1">
      <h1>${title}</h1>
      ${content}
    </main>
    <footer>
      <p>
        Charts by
        <a href="https://www.tradingview.com/" rel="noopener noreferrer">TradingView Lightweight Charts™</a>. Nothing
        here is advice.
      </p>
    </footer>
    <p class="unseen" role="status" aria-live="polite">${announcement}</p>
  `;
}

function controls({ connection, isPaused, theme, onTheme, onPause }: LayoutParts): TemplateResult {
  return html`<div class="controls">
    <span class="live" data-is=${connection.is} title="Connection to the live updates">
      <span class="dot" aria-hidden="true"></span>${describe(connection)}
    </span>
    <button type="button" class="plain" aria-pressed=${isPaused ? "true" : "false"} @click=${onPause}>
      ${isPaused ? GLYPHS.go : GLYPHS.pause}<span class="wide">${isPaused ? "Paused" : "Pause"}</span>
      <span class="unseen">the updates on screen</span>
    </button>
    <label class="theme">
      <span class="unseen">Colours</span>
      <select @change=${(event: Event) => onTheme(chosen(event))}>
        ${THEMES.map((name) => html`<option value=${name} .selected=${name === theme}>${THEME_NAMES[name]}</option>`)}
      </select>
    </label>
  </div>`;
}

const glyph = (path: string) =>
  html`<svg class="glyph" viewBox="0 0 12 12" aria-hidden="true" focusable="false">${svg`<path d=${path} />`}</svg>`;

const GLYPHS = { pause: glyph("M2 1h3v10H2zM7 1h3v10H7z"), go: glyph("M3 1l8 5-8 5z") } as const;

const THEME_NAMES = { auto: "Auto", light: "Light", dark: "Dark" } as const;

function chosen({ target }: Event): Theme {
  const value = target instanceof HTMLSelectElement ? target.value : "";
  return THEMES.find((theme) => theme === value) ?? "auto";
}
