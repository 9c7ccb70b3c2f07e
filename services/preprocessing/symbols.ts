/** Which coins a text is about. */
import { COINS } from "./coins.ts";

interface Name {
  readonly symbol: string;
  /** Whether it means the coin only where something else says so. */
  readonly vague: boolean;
}

/** A mention, and the number of the word at which it stands. */
interface Mention extends Name {
  readonly at: number;
}

interface Word {
  /** `$` of a cashtag, `#` of a hashtag, or nothing. */
  readonly sign: string;
  readonly text: string;
  readonly at: number;
}

/** Words this close to each other are about the same thing. */
const NEARBY = 8;
/** A text with more capitals than this shouts; what is in capitals there is no ticker for that. */
const SHOUTING = 0.6;
/** Where a text has fewer letters, they are tickers and little else. */
const SHORT = 12;

const CONTEXT = new Set(
  `crypto cryptocurrency cryptocurrencies coin coins token tokens altcoin altcoins alts memecoin blockchain onchain
  mainnet testnet layer2 l1 l2 wallet wallets ledger metamask staking stake staked validator validators defi dex
  dapp nft airdrop binance coinbase kraken bybit okx bullish bearish bull bulls bear bears hodl hodling hodler bags
  pump pumping pumped dump dumping dumped moon mooning rekt whale whales breakout resistance ath atl dca leverage
  leveraged liquidated liquidation longs shorts marketcap mcap tvl halving ticker trading trader traders chart
  charts candle candles dip usdt usdc usd etf`.split(/\s+/),
);

const TICKERS = new Map<string, Name>(COINS.map(({ symbol, vagueTicker }) => [symbol, { symbol, vague: vagueTicker }]));
/** By their words, joined with one space. */
const NAMES = new Map<string, Name>(
  COINS.flatMap(({ symbol, names, vagueNames }) => [
    ...names.map((name): [string, Name] => [name, { symbol, vague: false }]),
    ...vagueNames.map((name): [string, Name] => [name, { symbol, vague: true }]),
  ]),
);
const LONGEST_NAME = Math.max(...[...NAMES.keys()].map((name) => name.split(" ").length));

/** With what it is paid in, which the post is not about: SOL/USDT, SOL-USD, SOLUSDT, ETH/BTC. */
const PAIR = /(?<![\p{L}\p{N}])\$?([A-Z0-9]{2,10}?)(?:[/-]?(?:USDT|USDC|USD|EUR)|[/-](?:BTC|ETH))(?![\p{L}\p{N}])/gu;
const WORD = /([$#]?)([\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*)/gu;

/**
 * Symbols in the order in which they come up, each once. A cashtag, a pair, a name or ticker that means nothing else
 * says so by itself. A word that has another meaning (link, one, near) counts in capitals only, or as a name or
 * hashtag, and only beside a word of the trade or another coin.
 */
export function findSymbols(text: string): readonly string[] {
  const words = wordsOf(text.replace(PAIR, (pair, base: string) => (TICKERS.has(base) ? `${base} ` : pair)));
  const mentions = [...tickers(words, shouts(text)), ...names(words)].sort((a, b) => a.at - b.at);
  const certain = new Set([...pairs(text), ...mentions.flatMap(({ vague, symbol }) => (vague ? [] : symbol))]);
  const context = words.filter(({ text: word }) => CONTEXT.has(word.toLowerCase())).map(({ at }) => at);
  const found = mentions.filter(
    ({ symbol, vague, at }) =>
      !vague ||
      certain.has(symbol) ||
      certain.size > 0 ||
      context.some((place) => place !== at && Math.abs(place - at) <= NEARBY),
  );
  return [...new Set([...found.map(({ symbol }) => symbol), ...certain])];
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(WORD)].map(([, sign = "", word = ""], at) => ({ sign, text: word, at }));
}

function tickers(words: readonly Word[], shouted: boolean): Mention[] {
  return words.flatMap(({ sign, text, at }) => {
    const known = TICKERS.get(text.toUpperCase());
    if (!known) return [];
    if (sign === "$") return { ...known, vague: false, at };
    if (!known.vague) return { ...known, at };
    const written = sign === "#" || (text === known.symbol && !shouted);
    return written ? { ...known, at } : [];
  });
}

/** The longest name at each place: bitcoin cash is not bitcoin. */
function names(words: readonly Word[]): Mention[] {
  const found: Mention[] = [];
  for (let at = 0; at < words.length; at += 1) {
    for (let length = Math.min(LONGEST_NAME, words.length - at); length > 0; length -= 1) {
      const phrase = words.slice(at, at + length).map(({ text }) => bare(text));
      const known = NAMES.get(phrase.join(" "));
      if (!known) continue;
      found.push({ ...known, at });
      at += length - 1;
      break;
    }
  }
  return found;
}

/** Lower case, without a possessive: Bitcoin's. */
const bare = (word: string): string => word.toLowerCase().replace(/['’]s$/, "");

function pairs(text: string): string[] {
  return [...text.matchAll(PAIR)].flatMap(([, symbol = ""]) => (TICKERS.has(symbol) ? symbol : []));
}

function shouts(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters >= SHORT && (text.match(/\p{Lu}/gu)?.length ?? 0) / letters > SHOUTING;
}
