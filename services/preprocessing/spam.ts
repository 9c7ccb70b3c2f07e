/** Rules that tell a post nobody should count, each with its weight. */
import type { Cleaned } from "./clean.ts";

/** At this sum of weights a post is spam: one rule that is sure, or two that are not. */
export const SPAM = 1;

/** Sure: offers that nobody makes but a thief. */
const BAIT = 1;
/** What is said in an honest post too, if rarely more than once. */
const PUSHING = 0.5;
const MANY_HASHTAGS = 0.6;
const MANY_COINS = 0.6;
const MANY_URLS = 0.5;
const MANY_MENTIONS = 0.5;
const MOSTLY_EMOJI = 0.6;
const MOSTLY_SIGNS = 0.6;
const REPETITION = 0.6;

/** Above these a post has many. */
const HASHTAGS = 6;
const HASHTAG_SHARE = 0.5;
const COINS = 8;
const URLS = 3;
const MENTIONS = 5;
const EMOJI = 12;
const EMOJI_SHARE = 0.4;
const SIGN_SHARE = 0.4;
/** Below this many characters a share says nothing: "gm 🚀🚀🚀" is a post. */
const SHARES_FROM = 20;

const BAITS: readonly RegExp[] = [
  /\bsend\b.{1,60}\b(?:get|receive)\b.{0,20}\b(?:back|double|twice|\d+x)\b/i,
  /\b(?:double|triple|10x)\s+(?:your|ur)\s+(?:\w+\s)?(?:money|crypto|coins?|btc|bitcoins?|eth|investment|deposit)\b/i,
  /\b(?:guaranteed|risk[- ]free|100% (?:safe|sure|legit))\s+(?:\w+\s)?(?:profits?|returns?|income|gains?|roi)\b/i,
  /\b(?:dm|message|text|inbox|whatsapp|telegram)\s+(?:me|us|him|her|now)\b.{0,60}\b(?:signals?|profits?|invest|earn|trad(?:e|ing)|mentor|recover)/i,
  /\b(?:recovered|recover)\s+(?:my|your)\s+(?:lost|stolen)\s+(?:funds|crypto|bitcoins?|coins|wallet)\b/i,
  /\b(?:claim|get)\s+(?:your|ur)?\s*free\s+(?:\w+\s)?(?:tokens?|coins?|btc|eth|crypto|airdrop|nfts?)\b/i,
  /\b(?:connect|verify|validate|sync)\s+(?:your|ur)\s+wallet\b/i,
  /\b(?:turned|made)\s+\$?\d[\d,.]*k?\s+(?:in)?to\s+\$?\d[\d,.]*[km]?\b.{0,60}\b(?:thanks to|dm|join|ask me how)\b/i,
];
const PUSHES: readonly RegExp[] = [
  /\bgive\s?-?aways?\b/i,
  /\b(?:retweet|repost|like|follow)\b.{0,20}\b(?:to win|and follow|& follow|to enter|to qualify)\b/i,
  /\b(?:join|subscribe to)\s+(?:my|our|the)\s+(?:\w+\s)?(?:telegram|discord|whatsapp|channel|group|vip)\b/i,
  /\b(?:100|1000)x\s+(?:gem|coin|potential|guaranteed)\b/i,
  /\b(?:hurry|limited (?:time|spots|slots)|don['’]t miss (?:out|this)|last chance|act (?:now|fast))\b/i,
  /\b(?:presale|pre-sale|whitelist)\s+(?:is\s+)?(?:live|open|now)\b/i,
  /\b(?:free|exclusive|premium|vip)\s+(?:\w+\s)?signals?\b/i,
  /\blink in (?:my )?(?:bio|profile)\b/i,
];
/** Who warns of a trick names it as well. */
const WARNING =
  /\b(?:scams?|scammers?|scammed|phishing|beware|fake|fraud|don['’]t fall|be careful|reported?|hacked)\b/i;

const EMOJI_ONE = /\p{Extended_Pictographic}/gu;
/** Neither letter, digit, white space, emoji nor what a sentence and a price are written with. */
const SIGN = /[^\p{L}\p{M}\p{N}\s\p{Extended_Pictographic}.,:;!?'"’“”()$%#&/+-]/gu;
/** Twelve of one character: "mooooon" is joy, forty are noise. Digits repeat in prices. */
const ONE_CHARACTER = /([^\s\d.\-_=])\1{11,}/u;
const ONE_WORD = /(?<![\p{L}\p{N}])([\p{L}\p{N}$#]{2,30})(?:[\s,!.]{1,3}\1){4,}(?![\p{L}\p{N}])/iu;

/** The sum of the weights of the rules that a post meets. @param coins how many it names */
export function spamScore({ text, urls, mentions }: Cleaned, coins: number): number {
  const words = text.split(" ").length;
  const hashtags = count(text, /#[\p{L}\p{N}_]+/gu);
  const emoji = count(text, EMOJI_ONE);
  const length = text.replace(/\s/g, "").length;
  const share = (part: number): number => (length < SHARES_FROM ? 0 : part / length);
  const rules: readonly (readonly [met: number, weight: number])[] = [
    [WARNING.test(text) ? 0 : matches(text, BAITS), BAIT],
    [WARNING.test(text) ? 0 : matches(text, PUSHES), PUSHING],
    [Number(hashtags > HASHTAGS || (hashtags > 3 && hashtags / words > HASHTAG_SHARE)), MANY_HASHTAGS],
    [Number(coins > COINS), MANY_COINS],
    [Number(urls > URLS), MANY_URLS],
    [Number(mentions > MENTIONS), MANY_MENTIONS],
    [Number(emoji > EMOJI || share(emoji * 2) > EMOJI_SHARE), MOSTLY_EMOJI],
    [Number(share(count(text, SIGN)) > SIGN_SHARE), MOSTLY_SIGNS],
    [Number(ONE_CHARACTER.test(text)) + Number(ONE_WORD.test(text)), REPETITION],
  ];
  return rules.reduce((sum, [met, weight]) => sum + met * weight, 0);
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
const matches = (text: string, patterns: readonly RegExp[]): number =>
  patterns.filter((pattern) => pattern.test(text)).length;
