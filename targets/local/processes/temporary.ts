/** A folder of our own that is gone when we are. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepFolder, watchFolder } from "./guardian.ts";

export interface TemporaryFolder {
  readonly path: string;
  /** Removes it with all that is in it; twice is harmless. */
  remove(): Promise<void>;
}

/** Creates `<parent>/<prefix>-XXXXXX`; without a parent, in the system's folder for temporary files. */
export async function temporaryFolder(prefix: string, parent = tmpdir()): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(parent, `${prefix}-`));
  watchFolder(path);
  return {
    path,
    remove: async () => {
      // a killed server's last files may still be appearing
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
      keepFolder(path);
    },
  };
}
