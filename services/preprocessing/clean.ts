/** A post's text without what says nothing about a coin, and without what says who somebody is. */
import { decodeHTML } from "entities";

import { MOST_TEXT } from "../shared/topics/posts.ts";

export interface Cleaned {
  /** One line; empty when nothing is left. */
  readonly text: string;
  /** How much was taken out, for the spam rules. */
  readonly urls: number;
  readonly mentions: number;
}

/** Tags by name, so that "BTC <ETH, sorry> no" stays as it was written. */
const TAG =
  /<\/?(?:a|abbr|b|blockquote|br|code|dd|del|div|dl|dt|em|figcaption|figure|h[1-6]|hr|i|iframe|img|ins|li|ol|p|pre|q|s|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul|video)(?:\s[^<>]{0,2000})?\/?>/gi;
/** Elements whose content is no text, and comments. */
const UNSEEN = /<(script|style)\b[^]{0,10000}?<\/\1\s*>|<!--[^]{0,10000}?-->/gi;
const MARKDOWN_LINK = /!?\[([^[\]]{0,1000})\]\([^()\s]{0,2000}\)/g;
/** Emphasis at the edge of a word: `**sell**`, `~~buy~~`; a lone asterisk or underscore inside a word stays. */
const EMPHASIS =
  /(?<![\p{L}\p{N}])(?:\*{1,3}|_{1,3}|~~|`{1,3})(?=\S)|(?<=\S)(?:\*{1,3}|_{1,3}|~~|`{1,3})(?![\p{L}\p{N}])/gu;

/** With a scheme, with www, or a domain with a path; `crypto.com` alone is a name. */
const URL = /\b(?:https?:\/\/|www\.)\S+|\b(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}\/\S*/gi;

/** What points at one person: mail addresses, handles, Reddit's names, Bluesky's identifiers. */
const PERSON =
  /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}|(?<![\w@])@[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,252}|(?<![\w/])\/?u\/[\w-]{2,32}|\bdid:[a-z]{2,10}:[\w.:%-]{1,200}/giu;
/** An account on a chain is a person's as well. @source EIP-55, BIP-173, lengths of both */
const ACCOUNT = /\b(?:0x[0-9a-f]{40}(?:[0-9a-f]{24})?|bc1[02-9ac-hj-np-z]{11,87})\b/gi;

/** Control characters but white space; and what is there but not seen: zero-width, direction, soft hyphen, BOM. */
const INVISIBLE = /(?!\s)(?:[\p{Cc}\p{Cf}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5)/gu;

/** @param raw any text; half surrogates, broken markup and all */
export function clean(raw: string): Cleaned {
  let urls = 0;
  let mentions = 0;
  const without = decodeHTML(raw.toWellFormed().replace(UNSEEN, " ").replace(TAG, " "))
    .normalize("NFC")
    .replace(INVISIBLE, "")
    .replace(MARKDOWN_LINK, (_, label: string) => ((urls += 1), label))
    .replace(URL, () => ((urls += 1), " "))
    .replace(PERSON, () => ((mentions += 1), " "))
    .replace(ACCOUNT, " ")
    .replace(EMPHASIS, "");
  const text = without.replace(/\s+/g, " ").trim().slice(0, MOST_TEXT).toWellFormed().trim();
  return { text, urls, mentions };
}
