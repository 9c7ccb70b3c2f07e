import { expect } from "chai";

import { createOutbound, type OutboundOptions, type Post } from "../../../services/notification/outbound.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

const post = (url: string): Post => ({ url, headers: { "x-test": "1" }, body: "{}", gone: [410] });

describe("services/notification/outbound", () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  const open = (options: Partial<OutboundOptions> = {}) => createOutbound({ strict: false, ...options });
  const strict = (address: string) =>
    createOutbound({ strict: true, resolve: () => Promise.resolve([{ address, family: address.includes(":") ? 6 : 4 }]) }); // prettier-ignore

  it("posts, and is content with any 2xx", async () => {
    expect(await open()(post(receiver.url))).to.deep.equal({ kind: "sent" });
    expect(receiver.requests[0]).to.include({ path: "/hook", body: "{}" });
    expect(receiver.requests[0]?.headers).to.include({ "x-test": "1", "content-length": "2" });
  });

  it("goes to the address that was judged, asks for it once, and names the host", async () => {
    let asked = 0;
    const resolve = () => Promise.resolve([{ address: (asked += 1) === 1 ? "127.0.0.1" : "192.0.2.1", family: 4 }]);
    const outcome = await open({ resolve })(post(`http://hooks.example.org:${receiver.port}/hook`));
    expect([outcome.kind, asked]).to.deep.equal(["sent", 1]);
    expect(receiver.requests[0]?.headers.host).to.equal(`hooks.example.org:${receiver.port}`);
  });

  it("goes to the next of them when one does not take it", async () => {
    const resolve = () => Promise.resolve(["127.0.0.2", "127.0.0.1"].map((address) => ({ address, family: 4 })));
    expect(await open({ resolve })(post(`http://hooks.example.org:${receiver.port}/`))).to.deep.equal({ kind: "sent" });
  });

  it("follows no redirect", async () => {
    receiver.answer(302, { location: `http://127.0.0.1:${receiver.port}/inside` });
    expect(await open()(post(receiver.url))).to.deep.equal({ kind: "again", reason: "answered 302" });
    expect(receiver.requests.map(({ path }) => path)).to.deep.equal(["/hook"]);
  });

  it("tries again after a failure, not before it is told to, and at most an hour later", async () => {
    receiver.answer(500);
    expect(await open()(post(receiver.url))).to.deep.equal({ kind: "again", reason: "answered 500" });
    receiver.answer(429, { "retry-after": "120" });
    expect(await open()(post(receiver.url))).to.deep.equal({ kind: "again", reason: "answered 429", afterSeconds: 120 }); // prettier-ignore
    receiver.answer(503, { "retry-after": "999999" });
    expect(await open()(post(receiver.url))).to.have.property("afterSeconds", 3_600);
    receiver.answer(503, { "retry-after": "Wed, 21 Oct 2099 07:28:00 GMT" });
    expect(await open()(post(receiver.url))).to.deep.equal({ kind: "again", reason: "answered 503" });
  });

  it("takes a receiver at its word that it is gone", async () => {
    receiver.answer(410);
    expect(await open()(post(receiver.url))).to.deep.equal({ kind: "never", reason: "answered 410", gone: true });
    receiver.answer(404);
    expect(await open()(post(receiver.url))).to.deep.equal({ kind: "again", reason: "answered 404" });
  });

  it("waits no longer than its deadline for an answer, nor for a name", async () => {
    receiver.answer(undefined);
    const late = { kind: "again", reason: "no answer in time" };
    const started = performance.now();
    expect(await open({ deadline: 150 })(post(receiver.url))).to.deep.equal(late);
    const never = { deadline: 150, resolve: () => new Promise<never>(() => undefined) };
    expect(await open(never)(post("http://slow.example.org/"))).to.deep.equal(late);
    expect(performance.now() - started).to.be.below(5_000);
  });

  it("tells a connection that fails without its address", async () => {
    const url = receiver.url;
    await receiver.close();
    expect(await open()(post(url))).to.deep.equal({ kind: "again", reason: "could not be reached (ECONNREFUSED)" });
    receiver = await startReceiver();
  });

  it("speaks to the open internet by https alone when it is strict", async () => {
    const never = (reason: string) => ({ kind: "never", reason });
    const notPublic = never("its address is not public");
    const cases: [string, unknown][] = [
      ["http://example.org/", never("only https is spoken")],
      ["ftp://example.org/", never("only https is spoken")],
      ["file:///etc/passwd", never("only https is spoken")],
      ["nonsense", never("not a URL")],
      ["https://example.org:22/", never("only port 443 is reached")],
      ["https://user:pass@example.org/", never("its URL holds a user")],
      ["https://127.0.0.1/", notPublic],
      ["https://2130706433/", notPublic],
      ["https://0x7f.1/", notPublic],
      ["https://0177.0.0.1/", notPublic],
      ["https://[::1]/", notPublic],
      ["https://[::ffff:169.254.169.254]/", notPublic],
      ["https://169.254.169.254/latest/meta-data/", notPublic],
    ];
    for (const [url, wanted] of cases) expect(await strict("1.1.1.1")(post(url)), url).to.deep.equal(wanted);
    for (const address of ["10.0.0.1", "169.254.170.2", "::1", "::ffff:10.0.0.1", "fd00:ec2::254"]) {
      expect(await strict(address)(post("https://example.org/")), address).to.deep.equal(notPublic);
    }
  });

  it("refuses a name of which one address is public and one is not", async () => {
    const resolve = () => Promise.resolve([{ address: "1.1.1.1", family: 4 }, { address: "10.0.0.1", family: 4 }]); // prettier-ignore
    expect(await createOutbound({ strict: true, resolve })(post("https://example.org/"))).to.have.property("kind", "never"); // prettier-ignore
  });
});
