/** URLs that users or operators give: none reaches what is not public, each is sent to or refused with a reason. */
import { expect } from "chai";
import fc from "fast-check";

import { outsideUrl } from "../../services/api/outside-url.ts";
import { isPublic } from "../../services/notification/addresses.ts";
import { createEmail } from "../../services/notification/email.ts";
import { env } from "../../services/notification/env.ts";
import { createOutbound } from "../../services/notification/outbound.ts";
import { createPush, vapidKeys } from "../../services/notification/push.ts";
import { parseEnv } from "../../services/shared/config.ts";
import { delivery, mailTo } from "../services/notification/deliveries.ts";
import { seeded } from "./seeded.ts";

const host = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.constantFrom(
    "localhost",
    "127.1",
    "2130706433",
    "0x7f000001",
    "169.254.169.254",
    "[::1]",
    "[::ffff:10.0.0.1]",
    "x.svc",
  ),
);
const scheme = fc.constantFrom("https:", "https:", "https:", "http:", "ftp:", "file:", "javascript:", "HTTPS:", "");
const user = fc.constantFrom("", "", "", "u:p@", "@");
const port = fc.oneof(
  fc.constantFrom("", "", ":443", ":80", ":0", ":99999"),
  fc.nat(70_000).map((n) => `:${n}`),
);
const path = fc.oneof(fc.webPath(), fc.constantFrom("/../x", "/%00", "/\u0000", "#frag", "?a=1"));
const url = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(scheme, user, host, port, path).map(([a, b, c, d, e]) => `${a}//${b}${c}${d}${e}`) },
  { weight: 1, arbitrary: fc.webUrl() },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
);
const REFUSED = { address: "127.0.0.1", family: 4 };

describe("fuzz: addresses that we are given", () => {
  const count = seeded("webhook, push and SMTP URLs");

  it("webhooks: strict, an address that is not public is never connected to, and each outcome has a reason", async function () {
    this.timeout(60_000);
    const reasons = new Map<string, number>();
    // Every name leads inside: whatever is let through here would be a hole.
    const post = createOutbound({ strict: true, resolve: () => Promise.resolve([REFUSED]), deadline: 200 });
    // A literal public address would really be called.
    const inside = url.filter((text) => !leadsOutside(text));
    await fc.assert(
      fc.asyncProperty(inside, async (text) => {
        const outcome = await post({ url: text, headers: {}, body: "{}", gone: [410] });
        if (outcome.kind === "sent") throw new Error("it was sent");
        expect(outcome.kind).to.equal("never");
        expect(outcome.reason).to.match(/^[a-z][a-z0-9 ']{5,60}$/i);
        reasons.set(outcome.reason, (reasons.get(outcome.reason) ?? 0) + 1);
      }),
      { numRuns: 2_500 },
    );
    expect([...reasons.keys()]).to.include.members([
      ...["not a URL", "only https is spoken", "only port 443 is reached"],
      ...["its URL holds a user", "its address is not public"],
    ]);
  });

  it("the API takes a webhook's URL only when it names a public host, and takes its own answer again", function () {
    this.timeout(60_000);
    let taken = 0;
    fc.assert(
      fc.property(url, (text) => {
        const read = outsideUrl.safeParse(text);
        if (!read.success) {
          for (const { message } of read.error.issues) expect(message).to.match(/^must /);
          return;
        }
        taken += 1;
        const { protocol, port, username, hostname } = new URL(read.data);
        expect([protocol, port, username]).to.deep.equal(["https:", "", ""]);
        expect(hostname)
          .to.include(".")
          .and.not.match(/^[\d.]+$|^\[/);
        expect(outsideUrl.parse(read.data)).to.equal(read.data);
      }),
      { numRuns: 2_500 },
    );
    expect(taken).to.be.above(50);
  });

  it("tells public addresses from others, whatever it is given", function () {
    this.timeout(60_000);
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ unit: "binary", maxLength: 50 }), host);
    fc.assert(
      fc.property(address, (text) => {
        expect(isPublic(text)).to.be.a("boolean");
        expect(isPublic(`10.${text}`.slice(0, 9))).to.equal(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it("SMTP: a URL that the environment takes makes a mailer, and a mail to nobody there is tried again", async function () {
    this.timeout(60_000);
    const told = {
      ...{ NODE_ENV: "test", PORT: "0", DATABASE_URL: "postgres://db/x", KAFKA_BROKERS: "kafka:1" },
      ...{ KAFKA_SECURITY: "plaintext", ALERTS_TOPIC: "alerts", ALERTS_GROUP: "n", DEAD_LETTER_TOPIC: "dead" },
    };
    const smtp = fc.oneof(
      fc
        .tuple(fc.constantFrom("smtp:", "smtps:", "http:"), user, port, path)
        .map(([a, b, c, d]) => `${a}//${b}127.0.0.1${c}${d}`),
      url,
    );
    let made = 0;
    fc.assert(
      fc.property(smtp, (text) => {
        const read = parseEnv(env, { ...told, SMTP_SECRET: text });
        if (!read.ok) {
          expect(read.problems.map(({ variable }) => variable)).to.deep.equal(["SMTP_SECRET"]);
          expect(read.problems[0]?.problem).to.match(/must be a URL that starts with smtp/);
          return;
        }
        createEmail({ smtpUrl: text, from: "a@example.org", publicUrl: undefined, requireTls: true }).close();
        made += 1;
      }),
      { numRuns: 1_000 },
    );
    expect(made).to.be.above(100);
    const email = createEmail({
      smtpUrl: "smtp://127.0.0.1:9",
      from: "a@example.org",
      publicUrl: undefined,
      requireTls: false,
    });
    const addresses = fc.sample(fc.oneof(fc.emailAddress(), fc.string({ unit: "binary", maxLength: 60 })), 100);
    for (const address of addresses) {
      const outcome = await email.send(delivery(), mailTo(address));
      expect(outcome.kind, address).to.be.oneOf(["again", "never"]);
    }
    count.add(addresses.length);
    email.close();
  });

  it("push: whatever a browser's keys and endpoint are, the outcome says what becomes of the delivery", async function () {
    this.timeout(60_000);
    const post = createOutbound({ strict: true, resolve: () => Promise.resolve([REFUSED]), deadline: 200 });
    const push = createPush(post, vapidKeys(Buffer.alloc(32, 7).toString("base64url")), "https://a.example");
    const key = fc.oneof(
      fc.uint8Array({ minLength: 60, maxLength: 70 }).map((bytes) => Buffer.from(bytes).toString("base64url")),
      fc.constant("BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"),
      fc.string({ maxLength: 100 }),
    );
    await fc.assert(
      fc.asyncProperty(
        url.filter((text) => !leadsOutside(text)),
        key,
        key,
        async (endpoint, p256dh, auth) => {
          const subscription = { id: "1", endpoint, p256dh, auth };
          const outcome = await push(delivery(), { kind: "push", subscription });
          expect(outcome.kind).to.equal("never");
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Whether a URL holds a public address itself. */
function leadsOutside(text: string): boolean {
  return URL.canParse(text) && isPublic(new URL(text).hostname.replace(/^\[|\]$/g, ""));
}
