/** A connection may be gone without a word: a laptop slept, a network changed. */

const ASK_AFTER_MS = 25_000;
const GIVE_UP_AFTER_MS = 35_000;

/** `ask`: say something that is answered. `dead`: close it and begin again. */
export function silence(lastHeard: number, now: number): "fine" | "ask" | "dead" {
  const quiet = now - lastHeard;
  if (quiet >= GIVE_UP_AFTER_MS) return "dead";
  return quiet >= ASK_AFTER_MS ? "ask" : "fine";
}
