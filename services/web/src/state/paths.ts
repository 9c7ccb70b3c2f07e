/** Which page an address names. Behind the `#`, so that any server of static files serves every page. */

export type Route =
  | { readonly page: "prices" | "posts" | "alerts" | "system" | "account" | "sign-up" }
  | { readonly page: "chart"; readonly product: string | undefined };

const PLAIN = ["prices", "posts", "alerts", "system", "account", "sign-up"] as const;
const PRODUCT = /^[A-Z0-9]{1,16}-[A-Z0-9]{1,16}$/;

export function routeOf(hash: string): Route {
  const [name = "", part = ""] = hash.replace(/^#\/?/, "").split("/");
  if (name === "chart") return { page: "chart", product: PRODUCT.test(part) ? part : undefined };
  return { page: PLAIN.find((page) => page === name) ?? "prices" };
}

export const pathTo = (page: Route["page"], part?: string): string =>
  `#/${page}${part === undefined ? "" : `/${part}`}`;
