import { html, nothing, svg, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { clock, currency, mood, percent, price, score } from "../format.ts";
import type { Page } from "../shell/page.ts";
import { problemNotice } from "../shell/problem.ts";
import type { Loadable } from "../state/loadable.ts";
import { pathTo } from "../state/paths.ts";
import { type Board, changeOf, type Coin, type Hour, type Quote } from "./board.ts";
import { linePath } from "./sparkline.ts";

export interface PricesParts {
  readonly board: () => Board;
  readonly loading: () => Loadable<unknown>;
  readonly now: () => number;
  readonly again: () => void;
}

export function pricesPage({ board, loading, now, again }: PricesParts): Page {
  return {
    title: () => "Prices",
    view: () => {
      const { problem, loading: isLoading } = loading();
      const shown = board();
      if (shown.coins.length === 0 && problem) {
        return html`${problemNotice(problem)}<button type="button" @click=${again}>Try again</button>`;
      }
      if (shown.coins.length === 0) {
        return html`<p class="quiet">${isLoading ? "Loading prices…" : "No coin is traded here yet."}</p>`;
      }
      return table(shown, now());
    },
  };
}

function table(board: Board, now: number): TemplateResult {
  return html`<div class="scroller" tabindex="0" role="region" aria-labelledby="prices-caption">
    <table class="prices">
      <caption id="prices-caption">
        Latest trades, with the change of the last 24 hours and the mood of the last hour’s posts
      </caption>
      <thead>
        <tr>
          <th scope="col">Coin</th>
          <th scope="col" class="number">Price</th>
          <th scope="col" class="number">24 h</th>
          <th scope="col" class="wide">Last day</th>
          <th scope="col" class="number">Mood</th>
          <th scope="col" class="number wide">Traded</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          board.coins,
          ({ product }) => product,
          (coin) => row(coin, board, now),
        )}
      </tbody>
    </table>
  </div>`;
}

function row(coin: Coin, board: Board, now: number): TemplateResult {
  const { product, symbol, name } = coin;
  const quote = board.quotes[product];
  const change = changeOf(board, product);
  return html`<tr data-product=${product}>
    <th scope="row">
      <a href=${pathTo("chart", product)}><span class="name">${name}</span> <span class="quiet">${product}</span></a>
    </th>
    <td class="number">${priceCell(product, quote)}</td>
    <td class="number ${trend(change)}">${percent(change)}</td>
    <td class="wide">${sparkline(board.days[product], trend(change))}</td>
    <td class="number">${moodCell(board.moods[symbol])}</td>
    <td class="number wide quiet">${quote ? clock(quote.time, now) : "–"}</td>
  </tr>`;
}

/** Two names for one flash: an animation begins again only under another name. */
function priceCell(product: string, quote: Quote | undefined): TemplateResult {
  const flash = quote && quote.moves > 0 ? `${quote.move} ${quote.moves % 2 === 0 ? "even" : "odd"}` : "";
  const arrow = quote?.move === "up" ? "▲" : quote?.move === "down" ? "▼" : "";
  return html`<span class="price ${flash}"
    ><span class="arrow" aria-hidden="true">${arrow}</span>${price(quote?.price)}
    <span class="quiet">${currency(product)}</span></span
  >`;
}

const trend = (change: number | undefined): string => {
  if (change === undefined || change === 0) return "";
  return change > 0 ? "up" : "down";
};

function sparkline(day: readonly number[] | undefined, direction: string): TemplateResult | typeof nothing {
  if (!day) return nothing;
  // The row says the same in numbers.
  return html`<svg class="sparkline ${direction}" viewBox="0 -2 100 28" aria-hidden="true" focusable="false">
    ${svg`<path d=${linePath(day, 100, 24)} />`}
  </svg>`;
}

function moodCell(hour: Hour | undefined): TemplateResult {
  if (!hour) return html`<span class="quiet">–</span>`;
  const name = mood(hour.mean);
  const title = `${hour.posts} ${hour.posts === 1 ? "post" : "posts"} in the last hour`;
  return html`<span class="mood ${name}" title=${title}>${score(hour.mean)} <span class="word">${name}</span></span>`;
}
