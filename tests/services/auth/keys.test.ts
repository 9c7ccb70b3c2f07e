import { generateKeyPairSync, hkdfSync, type KeyObject, sign, verify } from "node:crypto";

import { expect } from "chai";

import { deriveKeys } from "../../../services/auth/keys.ts";

const SECRET = "a signing secret that both sides share";

describe("services/auth/keys", () => {
  it("gives both sides the same key, and another secret another", async () => {
    const [blue, green, other] = await Promise.all([SECRET, SECRET, `${SECRET}!`].map(deriveKeys));
    expect(green?.jwk).to.deep.equal(blue?.jwk);
    expect(other?.jwk.kid).to.not.equal(blue?.jwk.kid);
    const data = Buffer.from("signed on one side");
    const signature = sign(null, data, blue?.signing ?? "");
    expect(verify(null, data, { key: { ...green?.jwk }, format: "jwk" }, signature)).to.equal(true);
    expect(verify(null, data, { key: { ...other?.jwk }, format: "jwk" }, signature)).to.equal(false);
  });

  it("wraps the derived seed as Node itself encodes such a key", async () => {
    const { signing } = await deriveKeys(SECRET);
    const seed = Buffer.from(hkdfSync("sha256", SECRET, "", "cryptotracker access tokens", 32));
    const encoded = (key: KeyObject) => key.export({ format: "der", type: "pkcs8" });
    const anyKey = encoded(generateKeyPairSync("ed25519").privateKey);
    expect(encoded(signing)).to.deep.equal(Buffer.concat([anyKey.subarray(0, -32), seed]));
  });

  it("shows nothing of the private key", async () => {
    const { jwk } = await deriveKeys(SECRET);
    expect(Object.keys(jwk).sort()).to.deep.equal(["alg", "crv", "kid", "kty", "use", "x"]);
    expect(jwk.kid).to.match(/^[\w-]{43}$/);
  });

  it("has a key of its own for each purpose", async () => {
    const keys = await deriveKeys(SECRET);
    const hashes = [keys.successor(Buffer.from("x")).toString("hex"), keys.addressHash("x").toString("hex")];
    expect(new Set([...hashes, keys.clientHash("x")]).size).to.equal(3);
    expect(hashes.some((hash) => hash.startsWith(keys.clientHash("x")))).to.equal(false);
  });
});
