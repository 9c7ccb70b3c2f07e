import { access, chmod, constants, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { wholeOf } from "../../../../targets/local/data-plane/postgres-binaries.ts";

describe("targets/local/data-plane postgres-binaries", () => {
  let folder: string;
  let native: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "binaries-test-"));
    native = join(folder, "package", "native");
    for (const name of ["bin", "lib"]) await mkdir(join(native, name), { recursive: true });
    await writeFile(join(native, "bin", "postgres"), "program", { mode: 0o755 });
    await writeFile(join(native, "lib", "libpq.so.5.18"), "library");
    const link = { source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" };
    await writeFile(join(native, "pg-symlinks.json"), JSON.stringify([link]));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("makes the links that npm left out, in a copy, once", async () => {
    const complete = join(folder, "cache", "postgres");
    let fills = 0;
    const count = (): void => {
      fills += 1;
    };
    expect(await wholeOf(native, complete, count)).to.equal(complete);
    expect(await wholeOf(native, complete, count)).to.equal(complete);
    expect(fills).to.equal(1);
    expect(await readFile(join(complete, "lib", "libpq.so.5"), "utf8")).to.equal("library");
    await access(join(complete, "bin", "postgres"), constants.X_OK);
  });

  it("uses the package as it is when its links are there, but not without the right to execute", async () => {
    await symlink("libpq.so.5.18", join(native, "lib", "libpq.so.5"));
    expect(await wholeOf(native, join(folder, "copy"), () => undefined)).to.equal(native);
    await chmod(join(native, "bin", "postgres"), 0o644);
    expect(await wholeOf(native, join(folder, "copy"), () => undefined)).to.equal(join(folder, "copy"));
  });
});
