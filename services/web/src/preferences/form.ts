/** How the user is told of alerts. */
import { html, type TemplateResult } from "lit-html";
import type { Preferences } from "../http/shapes.ts";
import { field, focusFault, textOf } from "../shell/field.ts";
import { outcome, problemNotice } from "../shell/problem.ts";
import type { PreferencesController } from "./controller.ts";

const FIELDS = ["email", "quietHours", "quietHours.from", "quietHours.to", "timeZone"];

export function preferencesForm(preferences: PreferencesController): TemplateResult {
  const { value, problem } = preferences.kept;
  if (!value)
    return html`${problemNotice(problem)}
      <p class="quiet">${problem ? "" : "Loading…"}</p>`;
  const { state } = preferences.saving;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (!(await preferences.save(readPreferences(new FormData(form))))) focusFault(form);
  }

  const clock = (name: "from" | "to", label: string) =>
    field(
      { id: `quiet-${name}`, label, path: `quietHours.${name}`, problem: state.problem },
      ({ invalid, describedBy }) =>
        html`<input
          id=${`quiet-${name}`}
          name=${name}
          type="time"
          value=${value.quietHours?.[name] ?? ""}
          aria-invalid=${invalid}
          aria-describedby=${describedBy}
        />`,
    );

  return html`<form class="grid" novalidate @submit=${submit} aria-labelledby="preferences">
    <label class="check">
      <input type="checkbox" name="email" ?checked=${value.email} /> Send alerts by mail, too
    </label>
    ${clock("from", "Quiet from")} ${clock("to", "Quiet until")}
    ${field(
      {
        ...{ id: "time-zone", label: "Time zone", path: "timeZone", problem: state.problem },
        hint: "Of the quiet hours. Leave both empty for none.",
      },
      ({ invalid, describedBy }) =>
        html`<input
            id="time-zone"
            name="timeZone"
            list="time-zones"
            autocomplete="off"
            value=${value.timeZone}
            aria-invalid=${invalid}
            aria-describedby=${describedBy}
          />
          <datalist id="time-zones">
            ${Intl.supportedValuesOf("timeZone").map((name) => html`<option value=${name}></option>`)}
          </datalist>`,
    )}
    <div class="actions">
      <button type="submit" class="primary" ?disabled=${state.busy}>${state.busy ? "Saving…" : "Save"}</button>
    </div>
    ${outcome(state, FIELDS)}
  </form>`;
}

/** One of two quiet hours alone is sent as it is: the service says what is missing. */
function readPreferences(data: FormData): Preferences {
  const [from, to] = [textOf(data, "from"), textOf(data, "to")];
  return {
    email: data.has("email"),
    quietHours: from === "" && to === "" ? null : { from, to },
    timeZone: textOf(data, "timeZone").trim(),
  };
}
