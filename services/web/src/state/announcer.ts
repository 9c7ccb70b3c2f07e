/**
 * What a screen reader is told unasked: one sentence at a time, and not more often than one can listen. Prices are never
 * announced; whoever wants one reads it in the table.
 */
const APART_MS = 4_000;
const MOST_WAITING = 3;

export interface Announcer {
  readonly text: string;
  say(sentence: string): void;
}

export function createAnnouncer(told: () => void, later: (work: () => void, milliseconds: number) => void): Announcer {
  let text = "";
  let waiting: readonly string[] = [];
  let isResting = false;

  function goOn(): void {
    const [sentence, ...rest] = waiting;
    isResting = sentence !== undefined;
    if (sentence === undefined) return;
    waiting = rest;
    text = sentence;
    told();
    later(goOn, APART_MS);
  }

  return {
    get text() {
      return text;
    },
    say: (sentence) => {
      if (sentence === text && waiting.length === 0 && isResting) return;
      // The newest ones are what is still true.
      waiting = [...waiting, sentence].slice(-MOST_WAITING);
      if (!isResting) goOn();
    },
  };
}
