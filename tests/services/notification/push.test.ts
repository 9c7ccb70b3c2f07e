import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes } from "node:crypto";

import { expect } from "chai";
import { jwtVerify } from "jose";

import type { Target } from "../../../services/notification/delivery.ts";
import type { Outbound, Post } from "../../../services/notification/outbound.ts";
import { createPush, vapidKeys } from "../../../services/notification/push.ts";
import { delivery } from "./deliveries.ts";

/** As a browser reads it. @source RFC 8291, section 3, and RFC 8188, section 2 */
function decrypt(body: Buffer, browser: ReturnType<typeof createECDH>, auth: Buffer): string {
  const [salt, idLength] = [body.subarray(0, 16), body.readUInt8(20)];
  const server = body.subarray(21, 21 + idLength);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), browser.getPublicKey(), server]);
  const ikm = hkdfSync("sha256", browser.computeSecret(server), auth, info, 32);
  const derive = (what: string, length: number) =>
    Buffer.from(hkdfSync("sha256", Buffer.from(ikm), salt, Buffer.from(`Content-Encoding: ${what}\0`), length));
  const sealed = body.subarray(21 + idLength);
  const decipher = createDecipheriv("aes-128-gcm", derive("aes128gcm", 16), derive("nonce", 12));
  decipher.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(2)).toString();
}

describe("services/notification/push", () => {
  const browser = createECDH("prime256v1");
  browser.generateKeys();
  const auth = randomBytes(16);
  const keys = vapidKeys(Buffer.alloc(32, 7).toString("base64url"));
  const endpoint = "https://push.example.org/send/abc";
  const target: Extract<Target, { kind: "push" }> = {
    kind: "push",
    subscription: { id: "1", endpoint, p256dh: browser.getPublicKey("base64url"), auth: auth.toString("base64url") },
  };
  const sentBy = async (given: typeof target) => {
    const posts: Post[] = [];
    const post: Outbound = (one) => {
      posts.push(one);
      return Promise.resolve({ kind: "sent" });
    };
    const one = delivery({ channel: "push:1", target: given });
    const outcome = await createPush(post, keys, "https://tracker.example.org")(one, given);
    return { outcome, posts, one };
  };

  it("sends what only the browser can read", async () => {
    const { posts, one } = await sentBy(target);
    const [post] = posts;
    if (!post || typeof post.body === "string") throw new Error("nothing was sent");
    expect(post.url).to.equal(endpoint);
    expect(post.headers).to.include({ "content-encoding": "aes128gcm", urgency: "high", ttl: String(6 * 3_600) });
    expect(JSON.parse(decrypt(post.body, browser, auth))).to.include({
      id: one.alert.id,
      title: "BTC-USD: price above 100000",
    });
    expect(post.gone).to.include.members([404, 410]);
  });

  it("says who sends it, for this push service alone", async () => {
    const { posts } = await sentBy(target);
    const [, token = "", key = ""] = /^vapid t=([^,]+), ?k=(.+)$/.exec(posts[0]?.headers["authorization"] ?? "") ?? [];
    expect(key).to.equal(keys.publicKey);
    const point = Buffer.from(key, "base64url");
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString("base64url"));
    const jwk = { kty: "EC", crv: "P-256", x: x ?? "", y: y ?? "" };
    const { payload } = await jwtVerify(token, createPublicKey({ key: jwk, format: "jwk" }));
    expect(payload).to.include({ aud: "https://push.example.org", sub: "https://tracker.example.org" });
  });

  it("gives up on a subscription whose keys are none", async () => {
    const subscription = { id: "1", endpoint, p256dh: "short", auth: "short" };
    const { outcome, posts } = await sentBy({ kind: "push", subscription });
    expect(outcome).to.deep.equal({ kind: "never", reason: "its keys are not fit", gone: true });
    expect(posts).to.deep.equal([]);
  });
});
