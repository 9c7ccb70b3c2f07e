/** HTML from values: everything that goes in is escaped, unless it is HTML made here. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Html | readonly Html[] | null | false;

/** A tagged template: `html\`<p>${name}</p>\``. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.reduce((text, part, index) => text + render(values[index - 1] ?? "") + part));
}

function render(value: Value): string {
  if (value === null || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("\n");
  return escape(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
export const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

/** JSON that may stand in a script element: nothing in it can end the element or begin a comment. */
export const scriptJson = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

/** `12,345` */
export const count = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 0 });

/** At most three digits that tell something: `0.023`, `4.1`, `98.7`, `1,312`. */
export function figure(value: number | null): string {
  if (value === null) return "–";
  if (Number.isInteger(value) || Math.abs(value) >= 100) return count(value);
  return String(Number(value.toPrecision(Math.abs(value) >= 10 ? 4 : 2)));
}

/** `under 1 ms`, `84 ms`, `4.20 s`, `12.3 s`, `2 min 05 s`; none of them breaks over a line. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  const whole = Math.round(seconds);
  const text =
    milliseconds < 1000
      ? milliseconds > 0 && milliseconds < 1
        ? "under 1 ms"
        : `${Math.round(milliseconds)} ms`
      : seconds < 10
        ? `${seconds.toFixed(2)} s`
        : seconds < 60
          ? `${seconds.toFixed(1)} s`
          : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return text.replaceAll(" ", "\u00a0");
}

/** A table that scrolls by itself where the page is narrow, and that a keyboard can scroll. */
export function table(caption: string, heads: readonly string[], rows: readonly Html[], kind = ""): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table class="${kind}">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

const SIGNS: Readonly<Record<string, readonly [sign: string, tone: string, word: string]>> = {
  pass: ["✓", "good", "holds"],
  fail: ["✗", "bad", "fails"],
  wait: ["…", "quiet", "undecided"],
  skip: ["–", "quiet", "not judged"],
  done: ["✓", "good", "done"],
  failed: ["✗", "bad", "failed"],
  skipped: ["–", "quiet", "not reached"],
  interrupted: ["■", "bad", "interrupted"],
};

/** A state as sign and word, so that its colour says nothing more. */
export function badge(state: string): Html {
  const [sign, tone, word] = SIGNS[state] ?? ["", "quiet", state];
  return html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}
