import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { mood, percent, price, score } from "../format.ts";
import type { Coin } from "../prices/board.ts";
import type { Page } from "../shell/page.ts";
import { problemNotice } from "../shell/problem.ts";
import { isDark } from "../state/browser.ts";
import type { Canvas } from "./canvas.ts";
import type { ChartController } from "./controller.ts";
import { INTERVALS, NAMES } from "./intervals.ts";
import { type Series, summarise } from "./series.ts";

export interface ChartParts {
  readonly chart: ChartController;
  readonly coins: () => readonly Coin[];
  readonly onProduct: (product: string) => void;
}

const TABLE_ROWS = 24;

export function chartPage({ chart, coins, onProduct }: ChartParts): Page & { paint(): void } {
  let canvas: Canvas | undefined;
  let place: Element | undefined;

  async function mount(element: Element | undefined): Promise<void> {
    if (element === place) return;
    place = element;
    canvas?.remove();
    canvas = undefined;
    chart.show(undefined);
    if (!(element instanceof HTMLElement)) return;
    // Most of the page's code is the drawing's: it comes when there is something to draw.
    const { createCanvas } = await import("./canvas.ts");
    if (element !== place) return;
    canvas = createCanvas(element, isDark());
    chart.show(canvas);
  }

  /** lit-html calls it when the element comes, and with undefined when it goes. */
  const mounted = (element: Element | undefined): void => void mount(element);

  return {
    title: () => `Chart${chart.product === undefined ? "" : ` of ${chart.product}`}`,
    leave: () => chart.stop(),
    paint: () => canvas?.paint(isDark()),
    view: () => {
      const { value, problem, loading } = chart.state;
      return html`
        <div class="row">
          ${productPicker(chart.product, coins(), onProduct)} ${intervalPicker(chart)}
          <span class="quiet" role="status">${loading && !value ? "Loading…" : ""}</span>
        </div>
        ${
          problem
            ? html`${problemNotice(problem)}<button type="button" @click=${() => chart.again()}>Try again</button>`
            : nothing
        }
        <figure class="chart">
          <div class="canvas" aria-hidden="true" ${ref(mounted)}></div>
          <figcaption>
            <span class="key candle"></span>Price, right <span class="key violet"></span>Mean sentiment of the
            interval’s posts, −1 to +1, left
          </figcaption>
        </figure>
        ${value ? inNumbers(value) : nothing}
      `;
    },
  };
}

function productPicker(
  product: string | undefined,
  coins: readonly Coin[],
  onProduct: (product: string) => void,
): TemplateResult {
  const isKnown = coins.some((coin) => coin.product === product);
  return html`<label for="chart-product">Coin</label>
    <select
      id="chart-product"
      @change=${({ target }: Event) => (target instanceof HTMLSelectElement ? onProduct(target.value) : undefined)}
    >
      ${isKnown || product === undefined ? nothing : html`<option value=${product} selected>${product}</option>`}
      ${coins.map(
        (coin) =>
          html`<option value=${coin.product} .selected=${coin.product === product}>
            ${coin.name} (${coin.product})
          </option>`,
      )}
    </select>`;
}

function intervalPicker(chart: ChartController): TemplateResult {
  return html`<fieldset class="segments">
    <legend class="unseen">Length of a candle</legend>
    ${INTERVALS.map(
      (interval) =>
        html`<label>
          <input
            type="radio"
            name="interval"
            .checked=${interval === chart.interval}
            @change=${() => (chart.product === undefined ? undefined : chart.pick(chart.product, interval))}
          /><span><span aria-hidden="true">${interval}</span><span class="unseen">${NAMES[interval]}</span></span>
        </label>`,
    )}
  </fieldset>`;
}

/** What the drawing shows, for whoever can't see it, or wants to know exactly. */
function inNumbers(series: Series): TemplateResult {
  const summary = summarise(series);
  if (!summary) return html`<p class="quiet">No trade in this time.</p>`;
  const { close, high, low, change, mood: feeling } = summary;
  const fact = (name: string, value: string) =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`
    <dl class="facts">
      ${fact("Last", price(String(close)))} ${fact("Change shown", percent(change))}
      ${fact("Highest", price(String(high)))} ${fact("Lowest", price(String(low)))}
      ${fact("Mood", feeling === undefined ? "–" : `${score(feeling)} ${mood(feeling)}`)}
    </dl>
    <details>
      <summary>The newest candles as a table</summary>
      ${table(series)}
    </details>
  `;
}

function table({ bars, moods }: Series): TemplateResult {
  const feelings = new Map(moods.map(({ time, value }) => [time, value]));
  const cell = (amount: number) => html`<td class="number">${price(String(amount))}</td>`;
  const columns = ["Open", "High", "Low", "Close", "Sentiment"];
  return html`<div class="scroller" tabindex="0" role="region" aria-label="Newest candles">
    <table>
      <thead>
        <tr>
          <th scope="col">Begins</th>
          ${columns.map((name) => html`<th scope="col" class="number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${bars
          .slice(-TABLE_ROWS)
          .reverse()
          .map(
            ({ time, open, high, low, close }) =>
              html`<tr>
                <th scope="row">${new Date(time * 1000).toLocaleString(undefined, SHORT)}</th>
                ${[open, high, low, close].map(cell)}
                <td class="number">${score(feelings.get(time))}</td>
              </tr>`,
          )}
      </tbody>
    </table>
  </div>`;
}

const SHORT = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
