/**
 * Which passwords an account may begin with.
 * @source NIST SP 800-63B-4, section 3.1.1.2, read 2026-11: at least 15 characters where a password is all there is, at
 * least 64 allowed, every character counts as one, none is demanded, and what is common or expected is refused
 */

export const SHORTEST = 15;
export const LONGEST = 128;

/** Words that people build long passwords from; a password of nothing else is as good as guessed. */
const COMMON = [
  ...["password", "passwort", "passphrase", "passcode", "secret", "login", "welcome", "letmein", "changeme", "default"],
  ...["qwerty", "qwertz", "azerty", "qwertyuiop", "asdf", "asdfghjkl", "zxcvbnm", "uiop", "abc", "abcdef", "abcd"],
  ...["admin", "administrator", "user", "guest", "test", "hello", "root", "super", "master", "manager", "account"],
  ...["iloveyou", "love", "you", "monkey", "dragon", "football", "baseball", "sunshine", "princess", "shadow"],
  ...["michael", "superman", "batman", "pokemon", "starwars", "whatever", "trustno", "freedom", "summer", "winter"],
  ...["crypto", "tracker", "bitcoin", "ethereum", "dogecoin", "wallet", "satoshi", "nakamoto", "hodl", "tothemoon"],
  ...["my", "the", "is", "new", "one", "this", "correct", "horse", "battery", "staple"],
];
const ONLY_COMMON = new RegExp(`^(?:${[...COMMON].sort((a, b) => b.length - a.length).join("|")})+$`);

/** How people write letters with other characters. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  ...{ "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", $: "s", "!": "i" },
};

/** The form in which passwords are compared and hashed: two keyboards may send one letter in two ways. */
export const normalise = (password: string): string => password.normalize("NFKC");

/**
 * What is wrong with a normalised password; undefined when nothing is. Never quotes it.
 *
 * @param address the account's; a password must not be made of it
 */
export function weakness(password: string, address: string): string | undefined {
  const characters = Array.from(password);
  if (characters.length < SHORTEST) return `must be at least ${SHORTEST} characters; a few words do well`;
  if (characters.length > LONGEST) return `must be at most ${LONGEST} characters`;
  const lower = password.toLowerCase();
  if (isRepetition(lower)) return "must not repeat a few characters";
  if (isSequence(lower)) return "must not be a row of neighbouring characters";
  if (isCommon(lower)) return "must not be made of common passwords";
  if (holdsAddress(lower, address.toLowerCase())) return "must not be made of the e-mail address";
  return undefined;
}

const isRepetition = (password: string): boolean => /^(.{1,5})\1{2,}.{0,4}$/su.test(password);

/** Three of four steps go to the same or a neighbouring character. */
function isSequence(password: string): boolean {
  const points = Array.from(password, (character) => character.codePointAt(0) ?? 0);
  const steps = points.slice(1).map((point, index) => Math.abs(point - (points[index] ?? 0)));
  return steps.filter((step) => step <= 1).length >= steps.length * 0.75;
}

function isCommon(password: string): boolean {
  const letters = (text: string): string => text.replace(/[^\p{L}]/gu, "");
  const core = password.replace(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, "");
  const read = Array.from(core, (character) => LOOKALIKES[character] ?? character).join("");
  return [password, read].some((text) => ONLY_COMMON.test(letters(text)));
}

/** The address, or the part before its @, with little else beside. */
function holdsAddress(password: string, address: string): boolean {
  const local = address.slice(0, address.lastIndexOf("@"));
  return [address, local].some(
    (part) => part.length >= 4 && password.includes(part) && password.replaceAll(part, "").length < SHORTEST / 2,
  );
}
