import type { Client } from "../http/client.ts";
import { type Preferences, preferences } from "../http/shapes.ts";
import { createLoader, type Loadable } from "../state/loadable.ts";
import { createSubmission, type FormSubmission } from "../state/submission.ts";

export interface PreferencesController {
  readonly kept: Loadable<Preferences>;
  readonly saving: FormSubmission;
  load(): Promise<void>;
  save(wanted: Preferences): Promise<boolean>;
  forget(): void;
}

const PATH = "/notification-preferences";

export function createPreferencesController(api: Client, told: () => void): PreferencesController {
  const loader = createLoader<Preferences>(told);
  const saving = createSubmission(told);
  return {
    get kept() {
      return loader.state;
    },
    saving,
    load: () => loader.load(() => api.read(preferences, PATH)),
    save: (body) =>
      saving.submit(async () => {
        const kept = await api.read(preferences, PATH, { method: "PUT", body });
        loader.update(() => kept);
        return "Saved.";
      }),
    forget: () => {
      loader.clear();
      saving.reset();
    },
  };
}
