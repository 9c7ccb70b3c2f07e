import { html, nothing, type TemplateResult } from "lit-html";
import type { PreferencesController } from "../preferences/controller.ts";
import { preferencesForm } from "../preferences/form.ts";
import { field, focusFault, textOf } from "../shell/field.ts";
import type { Page } from "../shell/page.ts";
import { outcome } from "../shell/problem.ts";
import { pathTo, type Route } from "../state/paths.ts";
import type { Session } from "../state/session.ts";
import { createSubmission } from "../state/submission.ts";
import { PASSWORD } from "./limits.ts";

export interface AccountParts {
  readonly session: Session;
  readonly preferences: PreferencesController;
  readonly page: () => Route["page"];
  readonly told: () => void;
}

export function accountPage({ session, preferences, page, told }: AccountParts): Page {
  const entering = createSubmission(told);
  const leaving = createSubmission(told);
  const isNew = (): boolean => page() === "sign-up";

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const data = new FormData(form);
    const credentials = { email: textOf(data, "email").trim(), password: textOf(data, "password") };
    const isIn = await entering.submit(async () => {
      await (isNew() ? session.signUp(credentials) : session.signIn(credentials));
      return "";
    });
    if (isIn) entering.reset();
    else focusFault(form);
  }

  const leave = () =>
    leaving.submit(async () => {
      await session.signOut();
      return "";
    });

  return {
    title: () => (session.state.is === "in" ? "Account" : isNew() ? "Sign up" : "Sign in"),
    enter: () => {
      entering.reset();
      if (session.state.is === "in" && !preferences.kept.value) void preferences.load();
    },
    leave: () => entering.reset(),
    view: () => {
      const { state } = session;
      if (state.is === "unknown") return html`<p class="quiet">Loading…</p>`;
      if (state.is === "out") return entry(isNew(), entering.state, submit);
      return html`
        <section aria-labelledby="who">
          <h2 id="who">You</h2>
          <p>Signed in${state.email === undefined ? nothing : html` as <strong>${state.email}</strong>`}.</p>
          <button type="button" ?disabled=${leaving.state.busy} @click=${leave}>Sign out</button>
          ${leaving.state.problem ? outcome(leaving.state) : nothing}
        </section>
        <section aria-labelledby="preferences">
          <h2 id="preferences">How you are told of alerts</h2>
          ${preferencesForm(preferences)}
        </section>
      `;
    },
  };
}

function entry(
  isNew: boolean,
  state: ReturnType<typeof createSubmission>["state"],
  submit: (event: SubmitEvent) => Promise<void>,
): TemplateResult {
  const { problem, busy } = state;
  const hint = `${PASSWORD.shortest} to ${PASSWORD.longest} characters; a few words do well.`;
  return html`<form class="narrow" novalidate @submit=${submit}>
    ${field(
      { id: "email", label: "E-mail address", path: "email", problem },
      ({ invalid, describedBy }) =>
        html`<input
          id="email"
          name="email"
          type="email"
          autocomplete="username"
          required
          aria-invalid=${invalid}
          aria-describedby=${describedBy}
        />`,
    )}
    ${field(
      { id: "password", label: "Password", path: "password", problem, ...(isNew ? { hint } : {}) },
      ({ invalid, describedBy }) =>
        html`<input
          id="password"
          name="password"
          type="password"
          autocomplete=${isNew ? "new-password" : "current-password"}
          required
          aria-invalid=${invalid}
          aria-describedby=${describedBy}
        />`,
    )}
    <div class="actions">
      <button type="submit" class="primary" ?disabled=${busy}>
        ${busy ? "One moment…" : isNew ? "Sign up" : "Sign in"}
      </button>
    </div>
    ${outcome(state, ["email", "password"])}
    <p>
      ${
        isNew
          ? html`You have an account? <a href=${pathTo("account")}>Sign in</a>`
          : html`No account yet? <a href=${pathTo("sign-up")}>Sign up</a>`
      }
    </p>
  </form>`;
}
