import { html, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { ago, mood, score } from "../format.ts";
import type { Page } from "../shell/page.ts";
import { pathTo } from "../state/paths.ts";
import type { Post } from "./feed.ts";

export interface PostsParts {
  readonly posts: () => readonly Post[];
  readonly now: () => number;
  readonly told: () => void;
}

const ALL = "";

export function postsPage({ posts, now, told }: PostsParts): Page {
  let symbol = ALL;
  return {
    title: () => "Posts",
    view: () => {
      const all = posts();
      const symbols = [...new Set([...all.map((post) => post.symbol), ...(symbol === ALL ? [] : [symbol])])].sort();
      const shown = all.filter((post) => symbol === ALL || post.symbol === symbol);
      return html`
        <p class="lead">
          What is said about the coins on Bluesky, on Reddit and in the news, as it is judged: from −1, all bad, to +1,
          all good. Posts themselves are not kept.
        </p>
        <div class="row">
          <label for="posts-symbol">Coin</label>
          <select
            id="posts-symbol"
            @change=${(event: Event) => {
              symbol = event.target instanceof HTMLSelectElement ? event.target.value : ALL;
              told();
            }}
          >
            <option value=${ALL}>All</option>
            ${symbols.map((name) => html`<option value=${name} .selected=${name === symbol}>${name}</option>`)}
          </select>
        </div>
        ${
          shown.length === 0
            ? html`<p class="quiet">No post yet. New ones appear here by themselves.</p>`
            : html`<ol class="posts" aria-label="Newest posts first">
                ${repeat(
                  shown,
                  ({ id, symbol: about }) => `${about} ${id}`,
                  (post) => item(post, now()),
                )}
              </ol>`
        }
      `;
    },
  };
}

function item({ symbol, source, score: value, confidence, time }: Post, now: number): TemplateResult {
  const name = mood(value);
  return html`<li>
    <a class="tag" href=${pathTo("chart", `${symbol}-USD`)}>${symbol}</a>
    <span class="mood ${name}">${score(value)} <span class="word">${name}</span></span>
    <span class="meter" aria-hidden="true"
      ><span class="fill ${name}" data-tenths=${Math.round(Math.abs(value) * 10)}></span
    ></span>
    <span class="quiet">${Math.round(confidence * 100)} % sure</span>
    <span class="quiet end">${source}, <time datetime=${time}>${ago(time, now)}</time></span>
  </li>`;
}
