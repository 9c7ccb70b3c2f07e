import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { cached, cacheFolder } from "../../../../targets/local/data-plane/cache.ts";

describe("targets/local/data-plane cache", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cache-test-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("lies outside the work tree, where XDG says", () => {
    expect(cacheFolder({ XDG_CACHE_HOME: "/x" })).to.equal("/x/cryptotracker-platform");
    expect(cacheFolder({})).to.match(/\.cache\/cryptotracker-platform$/);
  });

  it("fills once, whole, however many ask at the same moment", async () => {
    const path = join(folder, "deep", "entry");
    let fills = 0;
    const fill = async (temporary: string): Promise<void> => {
      fills += 1;
      await writeFile(join(temporary, "a"), `by ${fills}`);
      await new Promise(setImmediate);
      await writeFile(join(temporary, "b"), "");
    };
    await Promise.all(Array.from({ length: 5 }, () => cached(path, fill)));
    expect((await readdir(path)).sort()).to.deep.equal(["a", "b"]);
    expect(await readFile(join(path, "a"), "utf8")).to.match(/^by \d$/);
    const before = fills;
    await cached(path, fill);
    expect(fills).to.equal(before);
    expect(await readdir(join(folder, "deep"))).to.deep.equal(["entry"]);
  });

  it("leaves nothing when filling fails, and tries again next time", async () => {
    const path = join(folder, "entry");
    const failure = await cached(path, () => Promise.reject(new Error("no network"))).catch(String);
    expect(failure).to.include("no network");
    expect(await readdir(folder)).to.deep.equal([]);
    await cached(path, () => Promise.resolve());
    expect(await readdir(folder)).to.deep.equal(["entry"]);
  });
});
