/** Ready replicas of each service, a column for each side. */
import { html, type TemplateResult } from "lit-html";
import { sideTitle, serviceNames, type Side } from "./overview.ts";

/** @param age of the figures, in words */
export function replicaTable(sides: readonly Side[], age: string): TemplateResult {
  return html`<div class="scroller" tabindex="0" role="region" aria-labelledby="replicas-caption">
    <table>
      <caption id="replicas-caption">
        Ready of wanted; as of ${age}
      </caption>
      <thead>
        <tr>
          <th scope="col">Service</th>
          ${sides.map((side) => html`<th scope="col" class="number">${sideTitle(side)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${serviceNames(sides).map(
          (name) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${sides.map((side) => replicas(side, name))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function replicas({ services }: Side, name: string): TemplateResult {
  const found = services.find((service) => service.name === name);
  if (!found) return html`<td class="number quiet">–</td>`;
  const { ready, wanted } = found;
  return html`<td class="number ${ready < wanted ? "down" : wanted === 0 ? "quiet" : ""}">${ready} of ${wanted}</td>`;
}
