import { crc32, deflateRawSync } from "node:zlib";
import { expect } from "chai";
import { entryOfZip } from "../../../../targets/local/data-plane/zip.ts";

/** A zip archive by hand: local headers, central directory, end record. */
function zip(entries: readonly { name: string; text: string; deflate: boolean }[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, text, deflate } of entries) {
    const data = deflate ? deflateRawSync(text) : Buffer.from(text);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(deflate ? 8 : 0, 4);
    fields.writeUInt32LE(crc32(text), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(text.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), fields, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from("PK\x05\x06"), end]);
}

describe("targets/local/data-plane zip", () => {
  const archive = zip([
    { name: "a.txt", text: "plain", deflate: false },
    { name: "b/redis-server", text: "packed ".repeat(100), deflate: true },
  ]);

  it("takes one entry out, stored or deflated", () => {
    expect(entryOfZip(archive, (name) => name === "a.txt")?.toString()).to.equal("plain");
    expect(entryOfZip(archive, (name) => name.endsWith("redis-server"))?.toString()).to.equal("packed ".repeat(100));
    expect(entryOfZip(archive, () => false)).to.equal(null);
  });

  it("says when it is no archive", () => {
    expect(() => entryOfZip(Buffer.from("not a zip archive, however long"), () => true)).to.throw("no zip archive");
  });
});
