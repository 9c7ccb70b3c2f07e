/** The built site in a real browser, under a content policy without exceptions, against the mock. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { z } from "zod";
import { ROOT } from "../../support/stacks.ts";
import { type Mock, startMock, USER } from "./support/mock.ts";
import { browserPath, buildSite, type BuiltSite } from "./support/site.ts";

const violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

describe("web: in a browser", function () {
  this.timeout(60_000);

  let site: BuiltSite | undefined;
  let browser: Browser | undefined;
  let mock: Mock;
  let page: Page;
  /** What no page may cause: errors, refusals of the content policy, requests to elsewhere. */
  let faults: string[] = [];

  before(async function () {
    const executablePath = browserPath();
    if (executablePath === undefined) {
      console.warn("      skipped: there is no chromium here");
      this.skip();
    }
    [site, browser] = await Promise.all([
      buildSite(),
      chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] }),
    ]);
  });

  after(async () => {
    await browser?.close();
    await site?.remove();
  });

  beforeEach(async () => {
    faults = [];
    mock = await startMock(built());
    page = await open({});
  });

  afterEach(async () => {
    await Promise.all(
      started()
        .contexts()
        .map((context) => context.close()),
    );
    await mock.close();
    expect(faults).to.deep.equal([]);
  });

  function started(): Browser {
    if (!browser) throw new Error("the browser did not start");
    return browser;
  }

  function built(): string {
    if (!site) throw new Error("the site was not built");
    return site.folder;
  }

  async function open(options: BrowserContextOptions): Promise<Page> {
    const context = await started().newContext({ locale: "en-GB", baseURL: mock.url, ...options });
    const opened = await context.newPage();
    opened.on("pageerror", ({ message }) => faults.push(message));
    opened.on("console", (message) => {
      // A refusal that the test itself provokes is told by the browser too.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        faults.push(message.text());
      }
    });
    opened.on("request", (request) => {
      if (!request.url().startsWith(mock.url)) faults.push(request.url());
    });
    await opened.goto("/");
    await opened.getByRole("table").waitFor();
    return opened;
  }

  const goTo = (name: string, on = page) => on.getByRole("link", { name, exact: true }).click();

  async function signIn(password = USER.password, on = page): Promise<void> {
    await goTo("Sign in", on);
    await on.getByLabel("E-mail address").fill(USER.email);
    await on.getByLabel("Password").fill(password);
    await on.getByRole("button", { name: "Sign in" }).click();
  }

  /** Waits until the stream is heard, so that nothing said is missed. */
  async function listening(): Promise<void> {
    await page.getByText("Live", { exact: true }).waitFor();
    await until(() => mock.stream.requests.some((request) => request.type === "subscribe" && "products" in request));
  }

  async function until(isTrue: () => boolean): Promise<void> {
    for (let tries = 0; !isTrue(); tries += 1) {
      if (tries > 200) throw new Error("it did not happen");
      await new Promise((done) => setTimeout(done, 25));
    }
  }

  const bitcoin = () => page.getByRole("row", { name: /Bitcoin/ });

  it("shows a price as it moves, and which way", async () => {
    await listening();
    await bitcoin().getByText("64,012.55").waitFor();
    mock.stream.trade("BTC-USD", "64100.00");
    await bitcoin().locator(".price.up", { hasText: "64,100.00" }).waitFor();
    mock.stream.trade("BTC-USD", "63900.00");
    await bitcoin().locator(".price.down", { hasText: "63,900.00" }).waitFor();
  });

  it("brings what moved while the connection was lost", async () => {
    await listening();
    mock.stream.trade("BTC-USD", "64100.00");
    await bitcoin().getByText("64,100.00").waitFor();
    mock.stream.drop();
    await until(() => mock.stream.clients === 0);
    mock.stream.trade("BTC-USD", "64200.00");
    await bitcoin().getByText("64,200.00").waitFor();
    const resumed = mock.stream.requests.filter((request) => request.type === "subscribe" && "products" in request);
    expect(resumed.at(-1)).to.deep.include({ from: { "0": 0 } });
  });

  it("stands still while its reader wants it to", async () => {
    await listening();
    await page.getByRole("button", { name: /^Pause/ }).click();
    mock.stream.trade("BTC-USD", "64100.00");
    mock.stream.trade("ETH-USD", "3200.00");
    await page.waitForTimeout(300);
    expect(await bitcoin().textContent()).to.contain("64,012.55");
    await page.getByRole("button", { name: /^Paused/ }).click();
    await bitcoin().getByText("64,100.00").waitFor();
  });

  it("signs in, makes a rule and shows the alert that it gives", async () => {
    await signIn();
    await page.getByText(`Signed in as ${USER.email}.`).waitFor();
    await goTo("Alerts");
    await page.getByLabel("Price", { exact: true }).fill("65,000");
    await page.getByRole("button", { name: "Create the rule" }).click();
    await page.getByRole("button", { name: "Delete: BTC-USD at or above 65000" }).waitFor();
    expect(mock.api.rules).to.have.lengthOf(1);
    await until(() => mock.stream.requests.some((request) => "channel" in request && request.channel === "alerts"));
    const rule = mock.api.rules[0]?.id ?? "";
    mock.stream.alert({ rule, subject: "BTC-USD", threshold: "65000", value: "65001.5" });
    await page.getByRole("listitem").filter({ hasText: "BTC-USD is 65001.5, above 65000" }).waitFor();
    await page
      .getByRole("status")
      .filter({ hasText: "Alert: BTC-USD is 65001.5, above 65000." })
      .waitFor({ state: "attached" });
  });

  it("says at the field what is wrong with it, and what the service refused", async () => {
    await signIn();
    await goTo("Alerts");
    const price = page.getByLabel("Price", { exact: true });
    await price.fill("0");
    await page.getByRole("button", { name: "Create the rule" }).click();
    await page.locator("#rule-threshold:focus").waitFor();
    expect(await price.getAttribute("aria-describedby")).to.equal("rule-threshold-hint rule-threshold-fault");
    for (let count = 1; count <= 4; count += 1) {
      await price.fill(String(count));
      await page.getByRole("button", { name: "Create the rule" }).click();
      if (count < 4) await page.getByRole("button", { name: `Delete: BTC-USD at or above ${count}` }).waitFor();
    }
    await page.getByRole("alert").filter({ hasText: "At most 3 alert rules are kept" }).waitFor();
  });

  it("refuses a wrong password in the service's words, and stays signed in over a reload", async () => {
    await signIn("not the password at all");
    await page.getByRole("alert").filter({ hasText: "The address and the password do not belong together" }).waitFor();
    await page.getByLabel("Password").fill(USER.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Signed in").waitFor();
    await page.reload();
    await page.getByText(`Signed in as ${USER.email}.`).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await goTo("Alerts");
    await page.getByText("Alerts are your own").waitFor();
  });

  it("follows a migration: its traffic, its replicas, and the step that it is at", async () => {
    await goTo("System");
    await page.getByRole("row", { name: /websocket-service 2 of 2 1 of 2/ }).waitFor();
    expect(await page.getByLabel("green (eks)").getAttribute("max")).to.equal("100");
    await page.getByText("70 %", { exact: true }).waitFor();
    const step = page.locator("[aria-current=step]");
    expect(await step.textContent()).to.match(/Watch 70 % on eks\s+\(under way\)\s+4\.2 s\s+Baking for 60 s\./);
    await page.getByText("1 of 3 steps done").waitFor();
  });

  it("says that there is no overview of the system where nothing offers one", async () => {
    await goTo("System");
    await page.getByRole("row", { name: /websocket-service/ }).waitFor();
    const bare = await startMock(built(), { system: false });
    await page.route("**/system.json", (route) => route.continue({ url: `${bare.url}/system.json` }));
    await page.reload();
    await page.getByText("Not available here.").waitFor();
    await bare.close();
  });

  it("is found by the keyboard: past the bar to the content, and to what a link leads to", async () => {
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("main:focus").waitFor({ state: "attached" });
    expect(new URL(page.url()).hash).to.equal("");
    await page.getByRole("link", { name: "Posts" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("main:focus", { hasText: "What is said about the coins" }).waitFor();
    expect(await page.title()).to.equal("Posts · CryptoTracker");
  });

  const looks: readonly (readonly [string, BrowserContextOptions])[] = [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["on a narrow phone", { viewport: { width: 360, height: 740 }, reducedMotion: "reduce" }],
  ];
  for (const [name, options] of looks) {
    it(`has nothing on any page that axe knows to be hard to use: ${name}`, async () => {
      const axe = await readFile(join(ROOT, "node_modules/axe-core/axe.min.js"), "utf8");
      const shown = await open(options);
      await signIn(USER.password, shown);
      await shown.getByText("Signed in").waitFor();
      mock.stream.post("BTC", 0.7);
      for (const path of ["prices", "chart/ETH-USD", "posts", "alerts", "system", "account"]) {
        await shown.goto(`/#/${path}`);
        await shown.waitForTimeout(400);
        await shown.evaluate(axe);
        const found = violations.parse(await shown.evaluate("axe.run().then(({ violations }) => violations)"));
        const told = found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
        expect(told, path).to.deep.equal([]);
        const { width = 0 } = shown.viewportSize() ?? {};
        expect(await shown.evaluate("document.documentElement.scrollWidth"), path).to.be.at.most(width);
      }
    });
  }
});
