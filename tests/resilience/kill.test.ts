/**
 * Each process of the platform is killed without a word in the middle of a replay. What was acknowledged, fed, alerted
 * and delivered is looked up one by one; nobody lends a hand.
 */
import { expect } from "chai";
import type { Account } from "./support/accounts.ts";
import { runBlock, type BlockSize, type Outcome } from "./support/block.ts";
import { startWorld, type World } from "./support/world.ts";

/** What is killed, a test each. */
const COMPONENTS = [
  ...["api-service", "auth-service", "websocket-service", "data-ingestion-service", "preprocessing-service"],
  ...["sentiment-processor", "alert-service", "notification-service", "postgres", "redis", "kafka"],
];
const SIZE: BlockSize = { rate: 1_500, trades: 17_500, posts: 2_500 };

describe("SIGKILL in the middle of a replay", function () {
  this.timeout(400_000);
  let world: World;

  before(async () => {
    world = await startWorld(SIZE.rate);
  });
  after(async () => {
    await (world as World | undefined)?.stop();
  });

  for (const [index, component] of COMPONENTS.entries())
    it(`${component}: nothing acknowledged is lost, no alert doubled, all recover by themselves`, async () => {
      const outcome = await runBlock(world, component, index, SIZE);
      console.log(linesOf(component, outcome));
      const wrong = outcome.accounts.filter(({ lost, doubled }) => lost.length + doubled.length > 0);
      expect(wrong.map(examplesOf), world.platform.lines.slice(-20).join("\n")).to.deep.equal([]);
      expect(outcome.accounts.filter(({ all }) => all === 0)).to.deep.equal([]);
      expect(outcome.messages).to.be.at.least(20_000);
      expect(outcome.complaints).to.deep.equal([]);
      expect(outcome.dragged, world.platform.lines.slice(-20).join("\n")).to.deep.equal([]);
      expect(world.platform.ready()).to.equal(true);
    });
});

const examplesOf = ({ what, lost, doubled }: Account) => ({
  what,
  ...{ lost: lost.length, doubled: doubled.length },
  examples: [...lost.slice(0, 3), ...doubled.slice(0, 3)],
});

function linesOf(component: string, { messages, recoveries, settled, repeated, accounts }: Outcome): string {
  const sum = (of: (account: Account) => readonly string[]): number =>
    accounts.reduce((all, account) => all + of(account).length, 0);
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
  return [
    `${component}: ${messages} messages, recovered after ${recoveries.map(seconds).join(", ")} s, all through ` +
      `${seconds(settled)} s after the first kill; lost: ${sum(({ lost }) => lost)}, doubled: ${sum(({ doubled }) => doubled)}`,
    `  ${accounts.map(({ what, all }) => `${all} ${what}`).join(", ")}; ${repeated} deliveries repeated under their id`,
  ]
    .map((line) => `      ${line}`)
    .join("\n");
}
