/** Where the services are. One build serves every stack: each puts its own /config.json beside it. */
import * as z from "zod/mini";

/** A path of this site, or a whole address of another. */
const base = (schemes: string) =>
  z
    .string()
    .check(
      z.regex(new RegExp(`^(/(?!/)[\\w./-]*|(${schemes})://[\\w.:-]+(/[\\w./-]*)?)$`), "must be a path or an address"),
    );

const siteConfig = z.object({
  api: z._default(base("https?"), "/api/v1"),
  auth: z._default(base("https?"), "/auth/v1"),
  stream: z._default(base("wss?"), "/ws"),
});
export type SiteConfig = Readonly<z.infer<typeof siteConfig>>;

/** All on the page's own origin, which is how the platform's sites are deployed. */
export const DEFAULTS: SiteConfig = siteConfig.parse({});

/** Without the file the defaults count; a file that is there and wrong is an error that the page shows. */
export async function loadConfig(fetch: typeof globalThis.fetch): Promise<SiteConfig> {
  const response = await fetch("/config.json", { cache: "no-cache" });
  if (!response.ok) return DEFAULTS;
  // A server that gives the page for every path has no such file either.
  if (!(response.headers.get("content-type") ?? "").includes("json")) return DEFAULTS;
  return readConfig(await response.json());
}

/** @throws Error that names the field */
export function readConfig(json: unknown): SiteConfig {
  const read = siteConfig.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(`config.json: ${issue?.path.map(String).join(".") ?? ""} ${issue?.message ?? "is not valid"}`);
}

/** The WebSocket's whole address. @param page where the page is */
export function streamAddress(stream: string, page: { readonly protocol: string; readonly host: string }): string {
  return stream.startsWith("/") ? `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}${stream}` : stream;
}
