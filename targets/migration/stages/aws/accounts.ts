/** Where everything that the probes had acknowledged must have ended. Real users' data are nobody's to look up. Pure. */
import type { Ledger } from "../../load/load.ts";
import type { Account } from "../../stage.ts";
import { accountRequests } from "../account-requests.ts";

const EXAMPLES = 5;

export function accountsOf(ledger: Ledger, missingWrites: readonly string[]): readonly Account[] {
  const { acknowledged, stream, requests } = ledger;
  const ids = new Map<string, number>();
  for (const { id } of acknowledged) ids.set(id, (ids.get(id) ?? 0) + 1);
  const doubled = [...ids].flatMap(([id, times]) => (times > 1 ? [id] : []));
  const seen = stream.map(({ missing, doubled: twice, subscriber, product }) => ({
    ...{ missing, twice },
    name: `${product} of subscriber ${subscriber}`,
  }));
  return [
    {
      subject: "writes",
      what: "acknowledged watchlists of the probes read back by id",
      acknowledged: acknowledged.length,
      lost: missingWrites.length,
      doubled: doubled.length,
      examples: [...missingWrites, ...doubled].slice(0, EXAMPLES),
    },
    {
      subject: "stream",
      what: "updates that the probes' subscribers should have had, by their sequence",
      acknowledged: stream.reduce((sum, state) => sum + state.seen + state.missing, 0),
      lost: seen.reduce((sum, { missing }) => sum + missing, 0),
      doubled: seen.reduce((sum, { twice }) => sum + twice, 0),
      examples: seen.flatMap(({ missing, twice, name }) => (missing + twice > 0 ? [name] : [])).slice(0, EXAMPLES),
    },
    accountRequests(requests, "requests of the probes that ended in exactly one way"),
  ];
}
