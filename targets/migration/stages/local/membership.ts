/** The member of a rehearsal that carries every service, and the accounts that only such a one can give. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Model } from "../../../../platform/model/types.ts";
import { startMember } from "../../load/member.ts";
import { type Account, StageError } from "../../stage.ts";
import { withDatabase } from "./accounts.ts";
import { accountAlerts, accountSentiment } from "./member-accounts.ts";
import type { SharedPlatform } from "./platform.ts";

export interface Membership {
  /** Waits a while for what is still under way; call it when the last trade is stored. */
  accounts(): Promise<readonly Account[]>;
  stop(): void;
}

export interface MembershipOptions {
  readonly shared: SharedPlatform;
  readonly model: Model;
  readonly products: readonly string[];
  readonly signal: AbortSignal;
}

const SETTLE_MILLISECONDS = 30_000;
const LOOK_MILLISECONDS = 500;

/** @throws StageError when nobody can sign up or set an alert */
export async function startMembership({ shared, model, products, signal }: MembershipOptions): Promise<Membership> {
  const partitionsOf = (topic: string): number => model.topics.find(({ name }) => name === topic)?.partitions ?? 0;
  const { url } = shared.router;
  const { rules, stream } = await startMember({
    ...{ baseUrl: url, wsUrl: url.replace(/^http/, "ws"), products, signal },
    partitions: { alerts: partitionsOf("alerts"), sentiment: partitionsOf("sentiment") },
  }).catch((error: unknown) => {
    throw new StageError(`The load's member: ${error instanceof Error ? error.message : String(error)}`);
  });
  const symbols = [...new Set(products.map((product) => product.split("-")[0] ?? product))];
  return {
    accounts: async () => {
      // Posts go on being written; those up to now are what counts.
      const cleanPosts = await shared.broker.values("posts.clean");
      const look = (): Promise<readonly Account[]> =>
        withDatabase(shared.databaseUrl, async (client) => [
          await accountAlerts(client, rules, stream.seen()),
          await accountSentiment(client, cleanPosts, stream.seen(), symbols),
        ]);
      let accounts = await look();
      for (const until = performance.now() + SETTLE_MILLISECONDS; performance.now() < until; accounts = await look()) {
        if (accounts.every(({ lost }) => lost === 0)) break;
        await sleep(LOOK_MILLISECONDS, undefined, { signal });
      }
      // A run that is cut short by its fault may see no price cross a line, and that is no loss.
      return accounts.filter(({ acknowledged, doubled }) => acknowledged + doubled > 0);
    },
    stop: () => stream.close(),
  };
}
