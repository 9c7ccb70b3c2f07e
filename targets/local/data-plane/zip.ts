/** Takes one file out of a jar: Node has no zip reader, and a JRE brings no `jar`. */
import { inflateRawSync } from "node:zlib";

/** Signatures and offsets of PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. */
const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * Returns the bytes of the first entry whose name `wanted` accepts, or null. Zip64 isn't read: our jars are small.
 * @throws RangeError when the bytes are no zip archive or use another compression
 */
export function entryOfZip(archive: Buffer, wanted: (name: string) => boolean): Buffer | null {
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new RangeError("This is no zip archive: it has no central directory");
  const entries = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < entries; index += 1) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new RangeError("The zip archive's central directory is damaged");
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    if (wanted(name)) return bytesOf(archive, at);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return null;
}

function bytesOf(archive: Buffer, central: number): Buffer {
  const method = archive.readUInt16LE(central + 10);
  const size = archive.readUInt32LE(central + 20);
  const local = archive.readUInt32LE(central + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + size);
  if (method === STORED) return packed;
  if (method === DEFLATED) return inflateRawSync(packed);
  throw new RangeError(`Zip compression ${method} is not read here`);
}
