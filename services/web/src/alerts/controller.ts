/** The signed-in user's rules, and the alerts that they gave. */
import type { Client } from "../http/client.ts";
import { alertRule, alertRules, alerts, type AlertRule, type NewAlertRule } from "../http/shapes.ts";
import { createLoader, type Loadable } from "../state/loadable.ts";
import { createSubmission, type FormSubmission } from "../state/submission.ts";
import type { FrameOf } from "../stream/frames.ts";
import { uuid } from "../uuid.ts";
import { type History, NO_HISTORY, withAlerts } from "./history.ts";

export interface AlertsController {
  readonly rules: Loadable<readonly AlertRule[]>;
  readonly history: Loadable<History>;
  readonly creating: FormSubmission;
  readonly changing: FormSubmission;
  load(): Promise<void>;
  older(): void;
  create(rule: NewAlertRule): Promise<boolean>;
  setEnabled(rule: AlertRule, enabled: boolean): Promise<boolean>;
  remove(rule: AlertRule): Promise<boolean>;
  take(frame: FrameOf<"alert">): void;
  forget(): void;
}

/** As many as a user may have, in pages of the API's largest. */
const RULES = "/alert-rules?limit=200";

export function createAlertsController(api: Client, told: () => void): AlertsController {
  const rules = createLoader<readonly AlertRule[]>(told);
  const history = createLoader<History>(told);
  const creating = createSubmission(told);
  const changing = createSubmission(told);
  /** The last creation that was not answered: sent again as it was, it makes one rule. */
  let unanswered: { readonly body: string; readonly key: string } | undefined;

  async function everyRule(): Promise<readonly AlertRule[]> {
    let found: readonly AlertRule[] = [];
    for (let path: string | null = RULES; path !== null;) {
      const { items, next }: { items: AlertRule[]; next: string | null } = await api.read(alertRules, path);
      found = [...found, ...items];
      path = next === null ? null : `${RULES}&cursor=${encodeURIComponent(next)}`;
    }
    return found;
  }

  async function page(cursor: string | null): Promise<History> {
    const query = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { items, next } = await api.read(alerts, `/alerts?limit=25${query}`);
    const known = history.state.value ?? NO_HISTORY;
    // What is shown already goes further back than a first page that is asked for again.
    return { ...withAlerts(known, items), next: cursor === null && known.items.length > 0 ? known.next : next };
  }

  return {
    get rules() {
      return rules.state;
    },
    get history() {
      return history.state;
    },
    creating,
    changing,
    load: async () => {
      await Promise.all([rules.load(everyRule), history.load(() => page(null))]);
    },
    older: () => {
      const cursor = history.state.value?.next;
      if (cursor != null) void history.load(() => page(cursor));
    },
    create: (rule) =>
      creating.submit(async () => {
        const body = JSON.stringify(rule);
        unanswered = unanswered?.body === body ? unanswered : { body, key: uuid() };
        const idempotencyKey = unanswered.key;
        const made = await api.read(alertRule, "/alert-rules", { method: "POST", body: rule, idempotencyKey });
        unanswered = undefined;
        rules.update((known) => [...known.filter(({ id }) => id !== made.id), made]);
        return `The rule for ${made.subject} is on.`;
      }),
    setEnabled: ({ id, ...rule }, enabled) =>
      changing.submit(async () => {
        const body = { ...rule, enabled };
        const changed = await api.read(alertRule, `/alert-rules/${id}`, { method: "PUT", body });
        rules.update((known) => known.map((one) => (one.id === id ? changed : one)));
        return `The rule for ${changed.subject} is ${enabled ? "on" : "off"}.`;
      }),
    remove: ({ id, subject }) =>
      changing.submit(async () => {
        await api.send(`/alert-rules/${id}`, { method: "DELETE" });
        rules.update((known) => known.filter((one) => one.id !== id));
        // Its alerts went with it.
        history.update((known) => ({ ...known, items: known.items.filter(({ rule }) => rule !== id) }));
        return `The rule for ${subject} is deleted.`;
      }),
    take: (frame) => history.update((known) => withAlerts(known, [frame])),
    forget: () => {
      rules.clear();
      history.clear();
      creating.reset();
      changing.reset();
      unanswered = undefined;
    },
  };
}
