import type { Delivery } from "./delivery.ts";
import type { Email } from "./email.ts";
import type { Outcome } from "./outcome.ts";
import type { createPush } from "./push.ts";
import type { createWebhook } from "./webhook.ts";

export interface Channels {
  readonly email: Pick<Email, "send">;
  readonly webhook: ReturnType<typeof createWebhook>;
  /** Undefined where no keys for it are configured. */
  readonly push: ReturnType<typeof createPush> | undefined;
}

/** Hands a delivery to its channel. */
export async function sendBy({ email, webhook, push }: Channels, delivery: Delivery): Promise<Outcome> {
  const { target } = delivery;
  switch (target.kind) {
    case "email":
      return email.send(delivery, target);
    case "webhook":
      return webhook(delivery, target);
    case "push":
      return push ? push(delivery, target) : { kind: "never", reason: "web push is not configured" };
  }
}
