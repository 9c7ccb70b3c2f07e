/** Messages that no reader can read. They must be put aside, and what comes behind them must go on. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Strike } from "./fault.ts";

const TOPIC = "prices";
const ASIDE = "dead-letters";
/** Neither JSON nor UTF-8. */
const POISON = Buffer.from([0xff, 0xfe, 0x00, 0x7b]);
const MESSAGES = 3;
const PATIENCE_MILLISECONDS = 20_000;
const LOOK_MILLISECONDS = 250;

export const poison: Strike = {
  share: 50,
  run: async ({ publish, messages, report, signal }) => {
    const before = await messages(ASIDE);
    await publish(
      TOPIC,
      Array.from({ length: MESSAGES }, () => POISON),
    );
    report(`${MESSAGES} messages that nobody can read are in ${TOPIC}`);
    const until = performance.now() + PATIENCE_MILLISECONDS;
    for (;;) {
      const aside = (await messages(ASIDE)) - before;
      if (aside >= MESSAGES) {
        report(`${aside} are in ${ASIDE}, one for each reader that met one`);
        return;
      }
      if (performance.now() > until) throw new Error(`${aside} of ${MESSAGES} poison messages were put aside.`);
      await sleep(LOOK_MILLISECONDS, undefined, { signal });
    }
  },
};
