import type { Update } from "./ring.ts";
import type { StreamListener } from "./stream.ts";

/** One client, as far as one channel goes. */
export interface Member {
  deliver(update: Update): void;
  tellGap(partition: number, from: number, to: number): void;
}

/** Who of a channel's clients is live for which key. An update reaches those of its key, and looks at nobody else. */
export class Audience implements StreamListener {
  readonly #byKey = new Map<string, Set<Member>>();

  setLive(key: string, member: Member, live: boolean): void {
    const members = this.#byKey.get(key) ?? new Set();
    if (live) this.#byKey.set(key, members.add(member));
    else if (members.delete(member) && members.size === 0) this.#byKey.delete(key);
  }

  onUpdate(update: Update): void {
    for (const member of this.#byKey.get(update.key) ?? []) member.deliver(update);
  }

  onGap(partition: number, from: number, to: number): void {
    const members = new Set([...this.#byKey.values()].flatMap((each) => [...each]));
    for (const member of members) member.tellGap(partition, from, to);
  }
}
