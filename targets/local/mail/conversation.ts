/** The server's half of an SMTP conversation, a line at a time and without a socket. @source RFC 5321 */

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body, dots unstuffed. */
  readonly source: string;
}

export interface Conversation {
  /** What to answer to a line; null while a mail's own lines come. */
  line(text: string): string | null;
  /** True after QUIT was answered. */
  readonly over: boolean;
}

export const GREETING = "220 localhost takes mail and delivers none";
/** Far more than any mail of ours has. */
const MOST_CHARACTERS = 1_048_576;
const MOST_RECIPIENTS = 100;

export function createConversation(deliver: (envelope: Envelope) => void): Conversation {
  let from: string | null = null;
  let to: string[] = [];
  let lines: string[] | null = null;
  let size = 0;
  let over = false;

  const forget = (): void => {
    from = null;
    to = [];
    lines = null;
    size = 0;
  };
  const dataLine = (text: string, held: string[]): string | null => {
    if (text !== ".") {
      size += text.length + 2;
      // What is too large is read to its end, and only then refused.
      if (size <= MOST_CHARACTERS) held.push(text.startsWith(".") ? text.slice(1) : text);
      return null;
    }
    const fits = size <= MOST_CHARACTERS;
    if (fits && from !== null) deliver({ from, to, source: held.join("\r\n") });
    forget();
    return fits ? "250 kept" : "552 too large";
  };
  const commands: Readonly<Record<string, (rest: string) => string>> = {
    EHLO: () => {
      forget();
      return `250-localhost\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE ${MOST_CHARACTERS}`;
    },
    HELO: () => {
      forget();
      return "250 localhost";
    },
    MAIL: (rest) => {
      const address = addressOf(/^FROM:/i, rest);
      if (address === null) return "501 MAIL FROM:<address>";
      if (from !== null) return "503 one mail at a time";
      from = address;
      return "250 ok";
    },
    RCPT: (rest) => {
      const address = addressOf(/^TO:/i, rest);
      if (address === null || address === "") return "501 RCPT TO:<address>";
      if (from === null) return "503 MAIL comes first";
      if (to.length >= MOST_RECIPIENTS) return "452 too many recipients";
      to.push(address);
      return "250 ok";
    },
    DATA: () => {
      if (to.length === 0) return "503 RCPT comes first";
      lines = [];
      return "354 end with a dot on a line of its own";
    },
    RSET: () => {
      forget();
      return "250 ok";
    },
    NOOP: () => "250 ok",
    QUIT: () => {
      over = true;
      return "221 bye";
    },
  };
  return {
    line: (text) => {
      if (lines) return dataLine(text, lines);
      const [, verb = "", rest = ""] = /^(\S*)\s*(.*)$/.exec(text) ?? [];
      return commands[verb.toUpperCase()]?.(rest) ?? "502 not known here";
    },
    get over() {
      return over;
    },
  };
}

/** The address in `FROM:<a@example.org> SIZE=1`; empty for `<>`, which notices of failure come from; null for no address. */
function addressOf(keyword: RegExp, text: string): string | null {
  if (!keyword.test(text)) return null;
  return /^\s*<([^<>]*)>/.exec(text.replace(keyword, ""))?.[1] ?? null;
}
