/** The dashboard as a person meets it: the whole platform, a real browser, from signing up to the mail of an alert. */
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { z } from "zod";
import { browserPath, buildSiteHere } from "./services/web/support/site.ts";
import { endPlatform, type Running, startPlatform, type Started, whenRunning } from "./support/platform.ts";
import { ROOT } from "./support/stacks.ts";
import { until } from "./targets/local/fixtures/until.ts";

/** A folder that takes a picture of each page, to look at; none by default. */
const SCREENSHOTS = process.env["WEB_SCREENSHOTS"];

const PAGES = ["prices", "chart/BTC-USD", "posts", "alerts", "system", "account"] as const;
const LOOKS: readonly (readonly [name: string, width: number, media: Parameters<Page["emulateMedia"]>[0]])[] = [
  ["light", 1280, {}],
  ["dark", 1280, { colorScheme: "dark" }],
  ["phone", 390, { reducedMotion: "reduce" }],
];

const mails = z.object({ items: z.array(z.object({ to: z.array(z.string()), subject: z.string() })) });
const violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));
/** Where the focus is; null: on nothing. */
const focus = z.nullable(z.object({ name: z.string(), top: z.number(), left: z.number(), outline: z.number() }));

const FOCUS = `(() => {
  const on = document.activeElement;
  if (!on || on === document.body) return null;
  const { top, left } = on.getBoundingClientRect();
  const { outlineStyle, outlineWidth } = getComputedStyle(on);
  const name = (on.getAttribute("aria-label") ?? on.innerText ?? "").trim() || on.id || on.tagName;
  return { name, top: top + scrollY, left, outline: outlineStyle === "none" ? 0 : parseFloat(outlineWidth) };
})()`;

describe("web on the whole platform", function () {
  this.timeout(120_000);

  let platform: Started | undefined;
  let browser: Browser | undefined;
  let at: Running;
  let page: Page;
  /** What no page may cause. */
  const faults: string[] = [];
  const account = { email: `${randomUUID()}@example.org`, password: "violets under a broken lamp" };

  before(async function () {
    const executablePath = browserPath();
    if (executablePath === undefined) {
      console.warn("      skipped: there is no chromium here");
      this.skip();
    }
    await buildSiteHere();
    let log = "";
    platform = startPlatform("--port", "0", "--json");
    platform.stderr.setEncoding("utf8").on("data", (chunk: string) => (log += chunk));
    [browser, at] = await Promise.all([
      chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] }),
      whenRunning(platform).catch((error: unknown) => {
        throw new Error(`It did not come up.\n${log}`, { cause: error });
      }),
    ]);
    page = await open({});
  });

  after(async () => {
    await browser?.close();
    if (platform) expect(await endPlatform(platform)).to.equal(0);
  });

  afterEach(() => expect(faults.splice(0)).to.deep.equal([]));

  async function open(options: BrowserContextOptions): Promise<Page> {
    if (!browser) throw new Error("the browser did not start");
    const context = await browser.newContext({ locale: "en-GB", baseURL: at.url, ...options });
    const opened = await context.newPage();
    opened.on("pageerror", ({ message }) => faults.push(message));
    opened.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    opened.on("request", (request) => {
      if (!request.url().startsWith(at.url)) faults.push(request.url());
    });
    return opened;
  }

  const bitcoin = (on = page) => on.getByRole("row", { name: /Bitcoin/ });
  const goTo = (name: string) => page.getByRole("link", { name, exact: true }).click();

  it("shows Bitcoin as it moves", async () => {
    await page.goto("/");
    await page.getByText("Live", { exact: true }).waitFor();
    const price = bitcoin().locator(".price");
    await price.waitFor();
    const first = await price.textContent();
    await until(async () => (await price.textContent()) !== first);
    await bitcoin().locator(".price:is(.up, .down)").waitFor();
  });

  it("shows a post's sentiment soon after it was written", async () => {
    await goTo("Posts");
    const post = page.getByRole("listitem").filter({ hasText: /\d\.\d\d (good|bad|mixed)\s+\d+ % sure/ });
    await post.first().waitFor({ timeout: 20_000 });
    await post.filter({ hasText: "Bluesky, now" }).first().waitFor({ timeout: 20_000 });
    await goTo("Prices");
    await bitcoin().locator(".mood").waitFor();
  });

  it("signs up, makes an alert, sees it fire, and its mail arrives", async () => {
    await goTo("Sign in");
    await goTo("Sign up");
    await page.getByLabel("E-mail address").fill(account.email);
    await page.getByLabel("Password").fill(account.password);
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.getByText(`Signed in as ${account.email}.`).waitFor();
    await goTo("Alerts");
    // True of every trade, the next one included.
    await page.getByLabel("Price", { exact: true }).fill("1");
    await page.getByRole("button", { name: "Create the rule" }).click();
    await page.getByRole("button", { name: "Delete: BTC-USD at or above 1" }).waitFor();
    await page
      .getByRole("listitem")
      .filter({ hasText: /BTC-USD is [\d.]+, above 1/ })
      .waitFor();
    await page.getByRole("status").filter({ hasText: "Alert: BTC-USD is" }).waitFor({ state: "attached" });
    await until(async () => {
      const { items } = mails.parse(await (await fetch(at.mails)).json());
      return items.some(({ to, subject }) => to.includes(account.email) && subject.includes("BTC-USD"));
    });
  });

  it("shows on the System page what `npm start` runs", async () => {
    await goTo("System");
    for (const name of at.services) await page.getByRole("row", { name: `${name} 1 of 1` }).waitFor();
    await page.getByText("No migration runs.").waitFor();
  });

  it("leads the keyboard through every page as it is read, and shows where it is", async () => {
    for (const path of PAGES) {
      await page.goto(`/#/${path}`);
      await page.reload();
      await page.locator("main :is(table, .canvas, .posts, form, section)").first().waitFor();
      const stops: { readonly name: string; readonly top: number; readonly left: number; readonly outline: number }[] =
        [];
      for (let presses = 0; presses < 12; presses += 1) {
        await page.keyboard.press("Tab");
        const stop = focus.parse(await page.evaluate(FOCUS));
        if (stop === null) break;
        stops.push(stop);
      }
      expect(stops[0]?.name, path).to.equal("Skip to the content");
      expect(
        stops.filter(({ outline }) => outline < 2).map(({ name }) => name),
        `${path}: without an outline`,
      ).to.deep.equal([]);
      // In the bar all stand in one line; what is on it comes from left to right, and the content after it.
      const bar = stops.slice(1, 10).map(({ left }) => left);
      expect(bar, `${path}: ${stops.map(({ name }) => name).join(", ")}`).to.deep.equal(bar.toSorted((a, b) => a - b));
      const last = stops.at(-1);
      if (stops.length > 10) expect(last?.top, path).to.be.greaterThan(60);
    }
  });

  for (const [name, width, media] of LOOKS) {
    it(`has nothing on any page that axe knows to be hard to use: ${name}`, async () => {
      const axe = await readFile(join(ROOT, "node_modules/axe-core/axe.min.js"), "utf8");
      await page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference", ...media });
      await page.setViewportSize({ width, height: 844 });
      if (SCREENSHOTS !== undefined) mkdirSync(SCREENSHOTS, { recursive: true });
      for (const path of PAGES) {
        await page.goto(`/#/${path}`);
        await page.waitForTimeout(1_000);
        if (SCREENSHOTS !== undefined) {
          const file = join(SCREENSHOTS, `${name}-${path.replace("/", "-")}.png`);
          await page.screenshot({ path: file, fullPage: true });
        }
        await page.evaluate(axe);
        const found = violations.parse(await page.evaluate("axe.run().then(({ violations }) => violations)"));
        const told = found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
        expect(told, path).to.deep.equal([]);
        expect(await page.evaluate("document.documentElement.scrollWidth"), path).to.be.at.most(width);
      }
    });
  }

  it("moves nothing by itself for who wants it still, but the figures", async () => {
    const still = await open({ reducedMotion: "reduce" });
    const lively = await open({ reducedMotion: "no-preference" });
    for (const shown of [still, lively]) {
      await shown.goto("/#/prices");
      await bitcoin(shown).locator(".price:is(.up, .down)").waitFor();
    }
    const animations = "document.getAnimations().length";
    await lively.waitForFunction(`${animations} > 0`);
    for (let looks = 0; looks < 10; looks += 1) {
      expect(await still.evaluate(animations)).to.equal(0);
      await still.waitForTimeout(100);
    }
    for (const shown of [still, lively]) await shown.context().close();
  });
});
