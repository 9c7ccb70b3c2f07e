import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { clock, span } from "../format.ts";
import type { AlertRule } from "../http/shapes.ts";
import type { Coin } from "../prices/board.ts";
import type { Page } from "../shell/page.ts";
import { outcome, problemNotice } from "../shell/problem.ts";
import { pathTo } from "../state/paths.ts";
import type { SessionState } from "../state/session.ts";
import type { AlertsController } from "./controller.ts";
import { sentence } from "./history.ts";
import { createRuleForm } from "./rule-form.ts";

export interface AlertsParts {
  readonly alerts: AlertsController;
  readonly session: () => SessionState;
  readonly coins: () => readonly Coin[];
  readonly now: () => number;
  readonly told: () => void;
}

export function alertsPage({ alerts, session, coins, now, told }: AlertsParts): Page {
  const form = createRuleForm({ submission: alerts.creating, coins, create: (rule) => alerts.create(rule), told });
  return {
    title: () => "Alerts",
    enter: () => {
      if (session().is === "in") void alerts.load();
    },
    leave: () => {
      alerts.creating.reset();
      alerts.changing.reset();
    },
    view: () => {
      const { is } = session();
      if (is === "unknown") return html`<p class="quiet">Loading…</p>`;
      if (is === "out") {
        return html`<p class="notice">
          Alerts are your own: <a href=${pathTo("account")}>sign in</a> or <a href=${pathTo("sign-up")}>sign up</a> to
          make some.
        </p>`;
      }
      return html`
        <section aria-labelledby="new-rule">
          <h2 id="new-rule">New rule</h2>
          ${form()}
        </section>
        <section aria-labelledby="your-rules">
          <h2 id="your-rules">Your rules</h2>
          ${rules(alerts)}
        </section>
        <section aria-labelledby="fired">
          <h2 id="fired">What fired</h2>
          ${history(alerts, now())}
        </section>
      `;
    },
  };
}

function rules(alerts: AlertsController): TemplateResult {
  const { value, problem } = alerts.rules;
  const busy = alerts.changing.state.busy;
  return html`
    ${problemNotice(problem)} ${outcome(alerts.changing.state)}
    ${
      value === undefined
        ? html`<p class="quiet">${problem ? "" : "Loading…"}</p>`
        : value.length === 0
          ? html`<p class="quiet">No rule yet. Make the first one above.</p>`
          : html`<ul class="rules">
              ${repeat(
                value,
                ({ id }) => id,
                (rule) => ruleItem(rule, alerts, busy),
              )}
            </ul>`
    }
  `;
}

function ruleItem(rule: AlertRule, alerts: AlertsController, busy: boolean): TemplateResult {
  const text = describe(rule);
  return html`<li class=${rule.enabled ? "" : "off"}>
    <span class="what">
      <strong>${rule.subject}</strong> ${text}
      <span class="quiet">then quiet for ${span(rule.cooldownSeconds)}${rule.enabled ? "" : ", off"}</span>
    </span>
    <button
      type="button"
      aria-label=${`${rule.enabled ? "Turn off" : "Turn on"}: ${rule.subject} ${text}`}
      ?disabled=${busy}
      @click=${() => alerts.setEnabled(rule, !rule.enabled)}
    >
      ${rule.enabled ? "Turn off" : "Turn on"}
    </button>
    <button
      type="button"
      class="danger"
      aria-label=${`Delete: ${rule.subject} ${text}`}
      ?disabled=${busy}
      @click=${() => remove(rule, alerts)}
    >
      Delete
    </button>
  </li>`;
}

/** The alerts that it gave go with it, so it is asked about. */
function remove(rule: AlertRule, alerts: AlertsController): void {
  if (confirm(`Delete the rule for ${rule.subject}, and the alerts it gave?`)) void alerts.remove(rule);
}

function describe({ kind, direction, threshold, windowSeconds }: AlertRule): string {
  switch (kind) {
    case "price":
      return `at or ${direction} ${threshold}`;
    case "change":
      return `moves ${direction} ${threshold} % in ${span(windowSeconds ?? 0)}`;
    case "sentiment":
      return `sentiment ${direction} ${threshold}`;
  }
}

function history(alerts: AlertsController, now: number): TemplateResult {
  const { value, problem, loading } = alerts.history;
  if (!value)
    return html`${problemNotice(problem)}
      <p class="quiet">${problem ? "" : "Loading…"}</p>`;
  return html`
    ${problemNotice(problem)}
    ${
      value.items.length === 0
        ? html`<p class="quiet">Nothing yet. What fires appears here at once.</p>`
        : html`<ol class="history" aria-label="Alerts, newest first">
            ${repeat(
              value.items,
              ({ id }) => id,
              (alert) =>
                html`<li>
                  <span>${sentence(alert)}</span>
                  <time class="quiet end" datetime=${alert.firedAt}>${clock(alert.firedAt, now)}</time>
                </li>`,
            )}
          </ol>`
    }
    ${
      value.next === null
        ? nothing
        : html`<button type="button" ?disabled=${loading} @click=${() => alerts.older()}>Show older ones</button>`
    }
  `;
}
