/** Foreign names → names that the model takes. */

/** A DNS label from whatever is given: `Shop_API` → `shop-api`. */
export function label(name: string, most = 63): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "");
  const started = /^[a-z]/.test(plain) ? plain : `w-${plain}`;
  return started.slice(0, most).replace(/-+$/, "");
}

/** `registry/shop/api:1.2@sha256:…` → `api`. */
export function repositoryName(image: string): string {
  const ours = /^\$\{image\.([^}.]+)\.[a-zA-Z]+\}$/.exec(image)?.[1];
  return ours ?? label((image.split("/").at(-1) ?? "").replace(/[:@].*$/, ""));
}

/** The name, or the first of `name-2`, `name-3`, … that is free; it is taken from then on. */
export function free(name: string, taken: Set<string>, most = 63): string {
  let candidate = name;
  for (let number = 2; taken.has(candidate); number++) {
    const suffix = `-${number}`;
    candidate = `${name.slice(0, most - suffix.length)}${suffix}`;
  }
  taken.add(candidate);
  return candidate;
}
