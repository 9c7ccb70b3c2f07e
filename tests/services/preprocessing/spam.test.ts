import { expect } from "chai";

import { clean } from "../../../services/preprocessing/clean.ts";
import { SPAM, spamScore } from "../../../services/preprocessing/spam.ts";
import { findSymbols } from "../../../services/preprocessing/symbols.ts";

const isSpam = (text: string): boolean => {
  const cleaned = clean(text);
  return spamScore(cleaned, findSymbols(cleaned.text).length) >= SPAM;
};

describe("services/preprocessing/spam", () => {
  const spam = [
    "Send 0.5 ETH to the address below and get 1 ETH back within minutes!",
    "Double your bitcoin in 24 hours, ask me how",
    "Guaranteed daily profits with BTC, no experience needed",
    "DM me for free signals, I make 5k a week trading ETH",
    "A hacker recovered my lost funds, 3 BTC, thank you",
    "Claim your free ETH airdrop at claim-eth.example/now",
    "Connect your wallet to receive your SOL rewards",
    "HUGE GIVEAWAY! Follow and repost to win 1 BTC",
    "Join our VIP telegram, limited spots for BTC traders",
    "$BTC $ETH $SOL $XRP $ADA $DOGE $AVAX $LINK $UNI #crypto #moon #gem #btc #eth #sol #bullrun",
    "BTC BTC BTC BTC BTC BTC 🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀",
    "hi @a1 @b1 @c1 @d1 @e1 @f1 look https://a.example https://b.example https://c.example https://d.example BTC",
  ];
  for (const text of spam) it(`refuses: ${text.slice(0, 60)}`, () => expect(isSpam(text)).to.equal(true));

  const honest = [
    "Bitcoin just crossed 100k, I can't believe it!!!",
    "gm BTC 🚀🚀🚀",
    "ETH to the mooooooooooon 🚀🚀",
    "Beware: a fake giveaway asks you to send ETH and get double back. It is a scam.",
    "Sold my SOL, bought LINK and UNI. Rotation is on. #crypto #altcoins",
    "I sent 2 ETH to Kraken yesterday and it still has not arrived",
    "Price went 60000 -> 61000.000000000000 in a minute, BTC is wild",
    "Good thread on Bitcoin's energy use https://a.example/1",
    "Is it too late to buy DOGE? Asking for a friend",
    "The airdrop was a disappointment, ARB down 40% since",
  ];
  for (const text of honest) it(`lets pass: ${text.slice(0, 60)}`, () => expect(isSpam(text)).to.equal(false));
});
