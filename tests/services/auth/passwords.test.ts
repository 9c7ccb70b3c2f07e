import { expect } from "chai";

import { createHasher, type Derive, deriveArgon2id, PARAMETERS } from "../../../services/auth/passwords.ts";

const CHEAP = { memoryKiB: 8, passes: 1, lanes: 1 };

describe("services/auth/passwords", () => {
  it("agrees with argon2's reference implementation", async () => {
    // @source phc-winner-argon2, src/test.c, argon2id: "password" with the salt "somesalt"
    const known = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    const hasher = createHasher();
    expect(await hasher.verify("password", known)).to.equal(true);
    expect(await hasher.verify("passwort", known)).to.equal(false);
    expect(hasher.isOutdated(known)).to.equal(true);
  });

  it("takes OWASP's parameters and says so in the encoding", async () => {
    const hasher = createHasher();
    const encoded = await hasher.hash("a lighthouse in the fog");
    expect(encoded).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await hasher.verify("a lighthouse in the fog", encoded)).to.equal(true);
    expect(hasher.isOutdated(encoded)).to.equal(false);
  });

  it("salts: one password has two hashes", async () => {
    const hasher = createHasher(CHEAP);
    expect(await hasher.hash("same")).to.not.equal(await hasher.hash("same"));
  });

  it("does the same work with nothing to compare as with something", async () => {
    const work: unknown[] = [];
    const derive: Derive = (password, salt, parameters) => {
      work.push({ parameters, salt: salt.length });
      return deriveArgon2id(password, salt, parameters);
    };
    const hasher = createHasher(CHEAP, derive);
    const encoded = await hasher.hash("known");
    work.length = 0;
    expect(await hasher.verify("known", undefined)).to.equal(false);
    expect(await hasher.verify("other", encoded)).to.equal(false);
    expect(work).to.deep.equal([
      { parameters: CHEAP, salt: 16 },
      { parameters: CHEAP, salt: 16 },
    ]);
  });

  it("verifies by the parameters of the hash, not by today's", async () => {
    const encoded = await createHasher(CHEAP).hash("then");
    const today = createHasher({ ...CHEAP, passes: 2 });
    expect(await today.verify("then", encoded)).to.equal(true);
    expect(today.isOutdated(encoded)).to.equal(true);
  });

  it("does not quote a stored hash that it can't read", async () => {
    const error: unknown = await createHasher(CHEAP)
      .verify("x", "$argon2i$v=19$secret")
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(TypeError);
    expect(String(error)).to.not.include("secret");
  });

  it("runs beside the main thread", async () => {
    let done = false;
    const hashing = createHasher(PARAMETERS)
      .hash("a lighthouse in the fog")
      .finally(() => (done = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).to.equal(false);
    await hashing;
  });
});
