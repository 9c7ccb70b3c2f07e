/** What the page asks of the browser itself: small, kept apart, so that the rest can be tried without one. */

const SIGNED_IN = "cryptotracker.signed-in";
const THEME = "cryptotracker.theme";

/** Storage may be refused altogether, in private windows for instance: then nothing is remembered. */
function remember(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    return;
  }
}

function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

export const sessionHint = {
  read: (): boolean => remembered(SIGNED_IN) !== undefined,
  write: (isThere: boolean): void => remember(SIGNED_IN, isThere ? "yes" : undefined),
};

/** Calls when another tab has signed out. */
export function onSignedOutElsewhere(work: () => void): void {
  addEventListener("storage", ({ key, newValue }) => {
    if (key === SIGNED_IN && newValue === null) work();
  });
}

/** One tab after the other; without locks, which plain HTTP doesn't have, as they come. */
export function aloneAmongTabs<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? navigator.locks.request("cryptotracker.refresh", work) : work();
}

export type Theme = "auto" | "light" | "dark";
export const THEMES: readonly Theme[] = ["auto", "light", "dark"];

export const themeNow = (): Theme =>
  THEMES.find((theme) => theme === document.documentElement.dataset["theme"]) ?? "auto";

export function setTheme(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  remember(THEME, theme === "auto" ? undefined : theme);
}

export function restoreTheme(): void {
  const wanted = remembered(THEME);
  setTheme(THEMES.find((theme) => theme === wanted) ?? "auto");
}

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

export const isDark = (): boolean => (themeNow() === "auto" ? prefersDark.matches : themeNow() === "dark");

/** Calls when the system's own scheme changes. */
export const onSchemeChange = (work: () => void): void => prefersDark.addEventListener("change", work);
