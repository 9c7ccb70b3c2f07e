/** A mail as it came over the wire → what a person would read of it. One part is read; of several, all as they stand. */

export interface ReadMessage {
  readonly subject: string;
  readonly text: string;
}

type Encoding = (text: string) => string;

const DECODERS: Readonly<Record<string, Encoding>> = {
  base64: (text) => Buffer.from(text, "base64").toString("utf8"),
  "quoted-printable": (text) => fromHex(text.replaceAll(/=\r?\n/g, "")),
};

/** @source RFC 5322, section 2.1: a blank line ends the headers */
export function readMessage(source: string): ReadMessage {
  const [, head = "", body = ""] = /^([^]*?)\r?\n\r?\n([^]*)$/.exec(source) ?? [source, source];
  const headers = headersOf(head);
  const decode = DECODERS[(headers.get("content-transfer-encoding") ?? "").toLowerCase()];
  return {
    subject: decodeWords(headers.get("subject") ?? ""),
    text: (decode ? decode(body) : body).replaceAll("\r\n", "\n").trimEnd(),
  };
}

/** Names in lower case; a line that begins with a blank continues the one before. */
function headersOf(head: string): ReadonlyMap<string, string> {
  const lines = head.replaceAll(/\r?\n(?=[ \t])/g, "").split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const colon = line.indexOf(":");
      return colon < 1 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const];
    }),
  );
}

/** `=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=` → `Grüße`. @source RFC 2047, sections 2 and 6.2: blanks between two words do not count */
function decodeWords(text: string): string {
  return text
    .replaceAll(/\?=[ \t]+=\?/g, "?==?")
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, how: string, word: string) =>
      how.toLowerCase() === "b" ? Buffer.from(word, "base64").toString("utf8") : fromHex(word.replaceAll("_", " ")),
    );
}

/** `=C3=BC` → `ü`: the bytes first, for one character may have several. */
function fromHex(text: string): string {
  const bytes = Buffer.from(text, "utf8").toString("latin1");
  const raw = bytes.replaceAll(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(raw, "latin1").toString("utf8");
}
