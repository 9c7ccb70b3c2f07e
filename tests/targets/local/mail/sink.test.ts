import { expect } from "chai";
import { createTransport } from "nodemailer";
import { createConversation, type Envelope } from "../../../../targets/local/mail/conversation.ts";
import { readMessage } from "../../../../targets/local/mail/message.ts";
import { KEPT, startMailSink, type MailSink } from "../../../../targets/local/mail/sink.ts";

describe("targets/local/mail sink", () => {
  let sink: MailSink;
  beforeEach(async () => {
    sink = await startMailSink();
  });
  afterEach(() => sink.close());

  const send = async (...mails: readonly { subject: string; text: string }[]): Promise<void> => {
    const transport = createTransport({ url: sink.url, pool: true, maxConnections: 1 });
    try {
      for (const mail of mails) await transport.sendMail({ from: "a@example.org", to: "b@example.org", ...mail });
    } finally {
      transport.close();
    }
  };

  it("keeps what a real client sends, as a person would read it", async () => {
    const subject = "Grüße: Ξ is above 3 000, and that is more than one line of a header can take at once";
    const text = `.\n..two\nhttps://example.org/?token=a=b&long=${"x".repeat(200)}\n\nΞ fell`;
    await send({ subject, text });
    const [mail] = sink.mails();
    expect(mail).to.deep.include({ from: "a@example.org", to: ["b@example.org"], subject, text });
    expect(Date.parse(mail?.receivedAt ?? "")).to.be.closeTo(Date.now(), 60_000);
  });

  it("keeps the last ones, newest first", async () => {
    await send(...Array.from({ length: KEPT + 2 }, (_, index) => ({ subject: `mail ${index}`, text: "x" })));
    const subjects = sink.mails().map(({ subject }) => subject);
    expect(subjects).to.have.length(KEPT);
    expect([subjects[0], subjects.at(-1)]).to.deep.equal([`mail ${KEPT + 1}`, "mail 2"]);
  });

  it("is gone when it is closed, also under a client that stays", async () => {
    const transport = createTransport({ url: sink.url, pool: true });
    await transport.sendMail({ from: "a@example.org", to: "b@example.org", text: "x" });
    await sink.close();
    const failed: unknown = await transport.verify().catch((error: unknown) => error);
    transport.close();
    expect(failed).to.be.an("error").with.property("message").that.includes("ECONNREFUSED");
  });
});

describe("targets/local/mail conversation", () => {
  const talk = (...lines: readonly string[]) => {
    const taken: Envelope[] = [];
    const conversation = createConversation((envelope) => taken.push(envelope));
    return { answers: lines.map((line) => conversation.line(line)?.slice(0, 3) ?? null), taken };
  };
  const ENVELOPE = ["EHLO me", "mail from:<a@example.org> SIZE=10", "RCPT TO:<b@example.org>", "DATA"] as const;

  it("takes its commands in order only", () => {
    expect(talk("RCPT TO:<b@example.org>", "DATA", "MAIL FROM: b", "RCPT TO:<>").answers).to.deep.equal([
      ...["503", "503", "501", "501"],
    ]);
    expect(talk("VRFY x", "STARTTLS", "").answers).to.deep.equal(["502", "502", "502"]);
    expect(talk(...ENVELOPE, "one", ".", "DATA").answers).to.deep.equal([
      ...["250", "250", "250", "354", null, "250", "503"],
    ]);
  });

  it("forgets a mail that was taken back", () => {
    const { answers, taken } = talk(...ENVELOPE.slice(0, 3), "RSET", "DATA");
    expect(answers.slice(-2)).to.deep.equal(["250", "503"]);
    expect(taken).to.deep.equal([]);
  });

  it("reads what is too large to its end, refuses it, and takes the next one", () => {
    const big = Array.from({ length: 12 }, () => "x".repeat(100_000));
    const { answers, taken } = talk(...ENVELOPE, ...big, ".", ...ENVELOPE.slice(1), "small", ".");
    expect(answers[ENVELOPE.length + big.length]).to.equal("552");
    expect(answers.at(-1)).to.equal("250");
    expect(taken.map(({ source }) => source)).to.deep.equal(["small"]);
  });
});

describe("targets/local/mail message", () => {
  // The examples of RFC 2047, section 8, in UTF-8.
  const subjects: readonly [sent: string, read: string][] = [
    ["=?UTF-8?Q?a?=", "a"],
    ["=?utf-8?q?a?= b", "a b"],
    ["=?UTF-8?Q?a?= =?UTF-8?Q?b?=", "ab"],
    ["=?UTF-8?Q?a?= \r\n =?UTF-8?B?Yg==?=", "ab"],
    ["=?UTF-8?Q?a_b?=", "a b"],
    ["plain", "plain"],
  ];
  for (const [sent, read] of subjects)
    it(`reads ${JSON.stringify(sent)} as ${read}`, () => {
      expect(readMessage(`X: y\r\nSubject: ${sent}\r\n\r\nbody`)).to.deep.equal({ subject: read, text: "body" });
    });
});
