/** Synthetic users: the load of the local stage, thinner, against the platform's own names. */
import { setTimeout as sleep } from "node:timers/promises";
import { TRIAL_HEADER } from "../../../../../platform/conventions.ts";
import { createClient } from "../../../load/client.ts";
import { type Ledger, type Load, startLoad, type StreamStats } from "../../../load/load.ts";
import { PATHS } from "../../../load/requests.ts";
import { trial } from "../../../load/trial.ts";
import type { Probes, Urls } from "../ports.ts";

export interface ProbeRates {
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  readonly subscribers: number;
}

const QUIET: StreamStats = {
  ...{ subscribers: 0, connected: 0, updates: 0, gaps: 0, doubles: 0, reconnects: 0, declaredGaps: 0, errors: 0 },
};
const NOTHING: Ledger = {
  ...{ acknowledged: [], unacknowledged: [], stream: [], requests: { sent: 0, ok: 0, unfit: 0, failed: 0 } },
};
/** How long a gap may take to be filled after the last write. */
const SETTLE_MILLISECONDS = 60_000;
const LOOK_MILLISECONDS = 500;
/** How often a write is looked for: a load balancer may fail once where nothing is lost. */
const TRIES = 3;

export function createProbes(rates: ProbeRates, products: readonly string[], signal: AbortSignal): Probes {
  let load: Load | null = null;
  let api = "";
  return {
    start: (urls) => {
      api = urls.api;
      load = startLoad({ baseUrl: urls.api, wsUrl: urls.stream, products, signal, ...rates });
    },
    stream: () => load?.stats().stream ?? QUIET,
    trial: (urls: Urls, value) =>
      trial({ baseUrl: urls.api, wsUrl: urls.stream, header: { name: TRIAL_HEADER, value }, products, signal }),
    settle: async () => {
      await load?.quiesce();
      const until = performance.now() + SETTLE_MILLISECONDS;
      while ((load?.stats().stream.gaps ?? 0) > 0 && performance.now() < until) await sleep(LOOK_MILLISECONDS);
      const ledger = (await load?.stop()) ?? NOTHING;
      return { ledger, missingWrites: await missingOf(api, ledger) };
    },
    stop: async () => {
      await load?.stop();
    },
  };
}

async function missingOf(api: string, { acknowledged }: Ledger): Promise<readonly string[]> {
  const client = createClient({ baseUrl: api });
  const missing: string[] = [];
  for (const { id } of acknowledged) {
    let found = false;
    for (let tries = 0; tries < TRIES && !found; tries++) {
      const attempt = await client.call({ method: "GET", path: `${PATHS.watchlists}/${encodeURIComponent(id)}` });
      found = attempt.answered && attempt.status === 200;
      if (!found) await sleep(LOOK_MILLISECONDS);
    }
    if (!found) missing.push(id);
  }
  client.close();
  return missing;
}
