/** HTTP as a stranger's server needs it: bounded in time and size, and told to whom it may lead us. */

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Empty unless the status is 200. */
  readonly body: string;
}

export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Milliseconds for all of it, redirects and body included. */
  readonly timeout?: number;
  /** Of the body, after decompression. */
  readonly mostBytes?: number;
}

/** The server can't answer now. */
export class NotNow extends Error {
  override name = "NotNow";
  readonly headers: Headers;
  constructor(message: string, headers: Headers) {
    super(message);
    this.headers = headers;
  }

  /** Milliseconds for which it wants us to stay away; 0 when it doesn't say. */
  get wait(): number {
    return retryAfter(this.headers);
  }
}

const TIMEOUT_MS = 15_000;
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_REDIRECTS = 3;
const MOST_WAIT_MS = 3_600_000;
/** Reddit refuses clients that don't say who they are. */
const USER_AGENT = "cryptotracker-data-ingestion/1.0";

/**
 * @throws NotNow for 429 and 503
 * @throws Error for every other status but 200 and 304, a body that is too large, a redirect from https to http
 */
export async function getText(url: string, options: GetOptions): Promise<Answer> {
  const { headers = {}, signal, timeout = TIMEOUT_MS, mostBytes = MOST_BYTES } = options;
  const until = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  let at = new URL(url);
  for (let redirects = 0; ; redirects += 1) {
    const response = await fetch(at, {
      headers: { "user-agent": USER_AGENT, ...headers },
      redirect: "manual",
      signal: until,
    });
    const location = response.headers.get("location");
    if (response.status === 200) {
      const body = decode(await bounded(response, mostBytes), response.headers.get("content-type"));
      return { status: 200, headers: response.headers, body };
    }
    await response.body?.cancel();
    if (response.status === 304) return { status: 304, headers: response.headers, body: "" };
    if ([301, 302, 303, 307, 308].includes(response.status) && location !== null) {
      at = redirected(at, location, redirects);
      continue;
    }
    const what = `${at.hostname} answered ${response.status}`;
    if (response.status === 429 || response.status === 503) throw new NotNow(what, response.headers);
    throw new Error(what);
  }
}

function redirected(from: URL, location: string, redirects: number): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (!to || !/^https?:$/.test(to.protocol)) throw new Error(`${from.hostname} redirects to what is no http(s) URL`);
  // Inner services speak http: whoever is asked by https cannot send us to one.
  if (from.protocol === "https:" && to.protocol !== "https:") throw new Error(`${from.hostname} redirects to http`);
  if (redirects >= MOST_REDIRECTS) throw new Error(`${from.hostname} redirects more than ${MOST_REDIRECTS} times`);
  return to;
}

async function bounded(response: Response, most: number): Promise<Buffer> {
  const body: ReadableStream<Uint8Array> | null = response.body;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.byteLength;
    if (size > most) throw new Error(`the answer is larger than ${most} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Milliseconds, from seconds or a date; 0 when it doesn't say. @source RFC 9110, 10.2.3 */
export function retryAfter(headers: Headers, now = Date.now()): number {
  const text = headers.get("retry-after")?.trim() ?? "";
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), MOST_WAIT_MS) : 0;
}

/** By the header's charset, else by what an XML declaration says, else UTF-8. @source RFC 7303, 3 */
function decode(bytes: Buffer, contentType: string | null): string {
  const declared =
    /charset\s*=\s*"?([\w-]{1,40})/i.exec(contentType ?? "")?.[1] ??
    /^<\?xml[^>]{0,100}\bencoding\s*=\s*["']([\w-]{1,40})/i.exec(bytes.toString("latin1", 0, 200))?.[1] ??
    "utf-8";
  try {
    return new TextDecoder(declared).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
