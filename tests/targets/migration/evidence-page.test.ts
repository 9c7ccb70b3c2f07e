import { expect } from "chai";
import type { Evidence } from "../../../targets/migration/evidence.ts";
import { duration, escape, figure, html, scriptJson } from "../../../targets/migration/evidence-html.ts";
import { evidencePage } from "../../../targets/migration/evidence-page.ts";
import { simulatedEvidence } from "./fixture-evidence.ts";

const EVIL = `</script><script>alert(1)</script><img src=x onerror="alert(2)">&'`;

describe("evidencePage", () => {
  let good: Evidence;
  before(async () => {
    good = await simulatedEvidence();
  });

  it("is one page that loads nothing", () => {
    const page = evidencePage(good);
    expect(page).to.match(/^<!doctype html>/);
    expect(page).to.contain("default-src &#39;none&#39;");
    expect(page.replace(/\/\*!? https:[^*]*\*\//g, "")).to.not.match(/\b(src|href)\s*=\s*["']?(https?:|\/\/)/);
    expect(page).to.not.match(/<link\b|@import|url\(/);
    expect(page).to.contain("var uPlot=function");
  });

  it("says the verdict and the tally first", () => {
    const page = evidencePage(good);
    const [title, tally, charts] = ["Migrated from ecs to kubernetes</h1>", "lost: 0, doubled: 0", 'id="charts"'];
    expect(page.indexOf(title)).to.be.above(0).and.below(page.indexOf(tally));
    expect(page.indexOf(tally)).to.be.below(page.indexOf(charts));
  });

  it("holds its own data", () => {
    const data = /<script type="application\/json" id="evidence">([\s\S]*?)<\/script>/.exec(evidencePage(good))?.[1];
    expect(JSON.parse(data ?? "")).to.deep.equal(good);
  });

  it("has every step, gate, account and loss, each table with a caption", () => {
    const page = evidencePage(good);
    for (const { title } of good.steps) expect(page).to.contain(title);
    for (const { what } of good.accounts) expect(page).to.contain(what);
    for (const { code, because } of good.losses) expect(page).to.contain(code).and.contain(escape(because));
    expect(page.match(/<table/g)?.length).to.equal(page.match(/<caption>/g)?.length);
    expect(page).to.contain("api-service, websocket-service");
    expect(page).to.contain(good.rerun);
  });

  it("opens the gate that failed, and says why", async () => {
    const slow = await simulatedEvidence({ sides: { kubernetes: { latency: 406, errors: 0 } } }, { fault: "slow" });
    const page = evidencePage(slow);
    expect(page.match(/<details class="gate" open/g)).to.have.length(1);
    expect(page).to.contain("Broken on purpose: <b>slow</b>").and.contain("✗");
  });

  it("lets nothing in the data become markup", () => {
    const page = evidencePage({
      ...good,
      headline: EVIL,
      stack: EVIL,
      rerun: EVIL,
      failures: [{ step: "x", title: EVIL, sentence: EVIL, verdict: null }],
      losses: good.losses.map((loss) => ({ ...loss, because: EVIL, service: EVIL })),
      steps: good.steps.map((step) => ({ ...step, title: EVIL, details: [EVIL] })),
    });
    expect(page).to.not.contain("<script>alert").and.not.contain("<img src=x");
    expect(page.match(/<\/script>/g)).to.have.length(3);
  });

  it("has something to say when nothing was started", async () => {
    const problem = { code: "c", path: "settings.network", found: "4 addresses", allowed: "12" };
    const page = evidencePage(await simulatedEvidence({ problems: [problem] }));
    expect(page).to.contain("not accounted for").and.contain("There was no traffic to draw");
    expect(page).to.contain("settings.network").and.contain("No gate was reached");
  });
});

describe("the page's figures", () => {
  it("have as many digits as tell something", () => {
    expect([null, 0, 12345, 1312.4, 98.73, 4.123, 0.02345].map(figure)).to.deep.equal([
      "–",
      "0",
      "12,345",
      "1,312",
      "98.73",
      "4.1",
      "0.023",
    ]);
    expect([84, 4200, 12_340, 125_000].map(duration)).to.deep.equal(
      ["84 ms", "4.20 s", "12.3 s", "2 min 05 s"].map((text) => text.replaceAll(" ", "\u00a0")),
    );
  });
  it("are escaped, but for HTML made here", () => {
    expect(html`<p title="${'"'}">${html`<b>${"<"}</b>`}${null}${false}</p>`.text).to.equal(
      '<p title="&quot;"><b>&lt;</b></p>',
    );
    expect(scriptJson({ a: "</script><!--" })).to.equal('{"a":"\\u003c/script>\\u003c!--"}');
  });
});
