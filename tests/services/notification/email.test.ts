import { expect } from "chai";

import { createEmail, type Email, messageIdOf } from "../../../services/notification/email.ts";
import { delivery, mailTo } from "./deliveries.ts";
import { type SmtpSink, startSmtpSink } from "./smtp-sink.ts";

describe("services/notification/email", () => {
  let sink: SmtpSink;
  let email: Email;
  const from = "CryptoTracker <alerts@tracker.example.org>";
  const target = mailTo("ann@example.org");
  const one = delivery({ target });

  beforeEach(async () => {
    sink = await startSmtpSink();
    email = createEmail({ smtpUrl: sink.url, from, publicUrl: "https://tracker.example.org", requireTls: false });
  });
  afterEach(async () => {
    email.close();
    await sink.close();
  });
  const headersOf = (text = ""): Record<string, string> =>
    Object.fromEntries(
      (text.split("\n\n", 1)[0] ?? "").split("\n").map((line) => {
        const [name = "", ...rest] = line.split(": ");
        return [name.toLowerCase(), rest.join(": ")];
      }),
    );

  it("says what was found, by the user's own clock, and how to be told no more", async () => {
    expect(await email.send({ ...one, timeZone: "Asia/Tokyo" }, target)).to.deep.equal({ kind: "sent" });
    const [mail] = sink.mails;
    expect(mail?.to).to.deep.equal(["ann@example.org"]);
    const headers = headersOf(mail?.text);
    const link = `https://tracker.example.org/api/v1/unsubscribe/${target.unsubscribeToken}`;
    expect(headers).to.include({
      from,
      to: "ann@example.org",
      subject: "BTC-USD: price above 100000",
      "message-id": `<${one.alert.id}.email@tracker.example.org>`,
      "list-unsubscribe": `<${link}>`,
      "list-unsubscribe-post": "List-Unsubscribe=One-Click",
      "auto-submitted": "auto-generated",
    });
    const body = mail?.text.slice(mail.text.indexOf("\n\n")).replaceAll("=\n", "").replaceAll("=3D", "=");
    expect(body).to.include("Price of BTC-USD was 100000.5 on 24 Nov 2026").and.include("16:00:00").and.include(link);
  });

  it("has the same Message-ID whenever it is sent again, and another for another alert", async () => {
    for (const given of [one, { ...one, attempt: 2 }, delivery({ target })]) await email.send(given, target);
    const ids = sink.mails.map(({ text }) => headersOf(text)["message-id"]);
    expect(ids[0]).to.equal(ids[1]).and.not.equal(ids[2]);
    expect(messageIdOf("a", "email", "alerts@example.org")).to.equal("<a.email@example.org>");
  });

  it("offers no link where it knows of no place for it", async () => {
    const plain = createEmail({ smtpUrl: sink.url, from, publicUrl: undefined, requireTls: false });
    await plain.send(one, target);
    plain.close();
    expect(sink.mails[0]?.text.toLowerCase()).to.not.include("unsubscribe").and.not.include("http");
  });

  it("gives up on what a server refuses for good, and tries the rest again, in words that name nobody", async () => {
    sink.answer("RCPT", "550 no such user ann@example.org");
    const outcomes = [await email.send(one, target)];
    sink.answer("RCPT", "451 try later, ann@example.org");
    outcomes.push(await email.send(one, target));
    sink.answer("RCPT", "250 fine");
    sink.answer("DATA", "552 ann@example.org has no room");
    outcomes.push(await email.send(one, target));
    await sink.close();
    outcomes.push(await email.send(one, target));
    sink = await startSmtpSink();
    expect(outcomes.slice(0, 3)).to.deep.equal([
      { kind: "never", reason: "the mail server answered 550" },
      { kind: "again", reason: "the mail server answered 451" },
      { kind: "never", reason: "the mail server answered 552" },
    ]);
    expect(outcomes[3]).to.include({ kind: "again" });
    expect(JSON.stringify(outcomes)).to.not.include("ann").and.not.include("127.0.0.1");
  });

  it("sends nothing in the clear where it must not", async () => {
    const careful = createEmail({ smtpUrl: sink.url, from, publicUrl: undefined, requireTls: true });
    expect(await careful.send(one, target)).to.have.property("kind", "again");
    careful.close();
    expect(sink.mails).to.deep.equal([]);
  });
});
