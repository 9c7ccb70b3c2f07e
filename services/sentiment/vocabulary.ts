/**
 * What words mean where coins are traded, from -5 to 5, over AFINN's general meaning of them. Zero takes a word out that
 * has a feeling elsewhere, and none here.
 */

const WORDS = `
  5   wagmi
  4   mooning bullish
  3   moon moonshot hodl hodling hodler ath breakout rally rallies rallying rallied soar soars soaring soared surge surges surged
      surging skyrocket skyrockets skyrocketing parabolic undervalued outperform outperforms outperforming lfg rips
      ripping ripped greenlit
  2   bull bulls pump pumps pumping pumped gains green accumulate accumulating accumulation adoption halving longing
      stacking stack uptrend upgrade upgraded partnership inflows bottomed rebound rebounds rebounding recovered
      institutional gem gems bagged based gigachad up
  1   long longs buy buying bought bid dca airdrop staking listing listed etf approval approved
  -1  short shorts sell selling sold outflows overbought dip dips resistance unlock unlocks down delayed exit
  -2  bear bears bearmarket dumped-on overvalued downtrend correction capitulate capitulation capitulated fud fudding
      stagnant bagholder bagholders bags ngmi shorting copium delist delisted delisting sec lawsuit tax sideways crab
      red underperform underperforms underperforming bleeding bleeds bleed tank tanks tanked tanking dead
  -3  bearish dump dumps dumping dumped crash crashed crashes crashing plunge plunges plunged plunging plummet plummets
      plummeted plummeting shitcoin shitcoins liquidated liquidation liquidations liquidate insolvent insolvency
      bankrupt bankruptcy depeg depegged depegging ponzi exploit exploited drained hack hacked hackers vaporware rekt
      worthless nuked nuke
  -4  rug rugged rugpull rugpulled rugs scam scams scammed scammer scammers honeypot fraud fraudulent
  0   lol lmao lmfao rofl haha hard block blocks chain fork burn burns burned burning stop no top share shares token mine
      miner miners mining gas cut cuts hash fire number proof trust support interest interested natural united demand
      matter god like please pay novel alert alerts ass af damn fuck fucking shit crazy insane sick
`;

const PHRASES = `
  4   to the moon | all time high | all-time high | new ath | send it
  3   buy the dip | buying the dip | bought the dip | diamond hands | not selling | higher highs | short squeeze | rate cut |
      rate cuts | price discovery | going up | break out | breaks out | breaking out | strong support | easy money |
      going long | went long | bear trap | cheap here | still early
  -3  lower lows | dead cat bounce | paper hands | bull trap | rate hike | rate hikes | going down | break down |
      breaks down | breaking down | going short | went short | all time low | all-time low | exit liquidity |
      cash out | cashing out | sell the news | long squeeze | exit scam | no volume | double top
  -4  to zero | rug pull | rug pulled | bank run | dead project | death spiral | lost everything | down bad |
      paused withdrawals | halted withdrawals | network outage
`;

const EMOJI = `
  3   🚀 🌕 💎 🐂 🔥 📈 🟢 🤑 🥳 🎉 💪
  2   😀 😁 😍 🙌 👍 ✅ 💚 😎 🤝
  -2  😢 😭 😡 👎 ❌ 😱 🤮 😰 😬 🤦
  -3  📉 🐻 🔴 💀 🩸 🚨 🤡 ☠ 💩
`;

/** What turns the meaning of the words after it. */
export const NEGATIONS: ReadonlySet<string> = new Set(
  `not no never none nobody nothing neither nor without hardly barely isn't isnt aren't arent wasn't wasnt weren't
  don't dont doesn't doesnt didn't didnt won't wont wouldn't wouldnt can't cant cannot couldn't couldnt shouldn't
  shouldnt haven't havent hasn't hasnt ain't aint`.split(/\s+/),
);

/** Words that bind others and stand between a negation and what it turns: "not a fan of", "don't think this is a scam". */
export const BINDING: ReadonlySet<string> = new Set(
  "a an the this that these those it its is are was were be been being to of in on for at as any all think".split(" "),
);

/** What makes the next word with a feeling stronger or weaker, as a factor. */
export const INTENSITIES: ReadonlyMap<string, number> = new Map([
  ...each(
    1.3,
    "very really so extremely super mega ultra absolutely totally insanely massively hugely incredibly fucking damn",
  ),
  ...each(0.6, "slightly somewhat kinda kindof sorta fairly bit little mildly maybe perhaps possibly might could"),
]);

function each(factor: number, words: string): [string, number][] {
  return words.split(" ").map((word) => [word, factor]);
}

/** Lines of a value and what has it; a line that begins without one goes on with the last. */
function read(table: string, separator: RegExp): Map<string, number> {
  const values = new Map<string, number>();
  let value = 0;
  for (const line of table.trim().split("\n")) {
    const [, given, rest = ""] = /^\s*(-?\d+(?=\s))?\s*(.*)$/u.exec(line) ?? [];
    if (given !== undefined) value = Number(given);
    for (const entry of rest.split(separator)) if (entry.trim() !== "") values.set(entry.trim(), value);
  }
  return values;
}

export const TRADE_WORDS: ReadonlyMap<string, number> = read(WORDS, /\s+/);
export const TRADE_PHRASES: ReadonlyMap<string, number> = read(PHRASES, /\|/);
export const EMOJI_VALUES: ReadonlyMap<string, number> = read(EMOJI, /\s+/);
