/** Holds a process to its form's memory limit, as a kernel does for a container: there is no warning, only the end. */
import { readFile } from "node:fs/promises";
import type { MiB } from "../../../platform/model/types.ts";

export interface MemoryWatch {
  stop(): void;
}

/** What a look costs is not worth a tighter one; a container's limit is exact. */
const LOOK_MILLISECONDS = 500;

/** Calls `onOver` once, with a clause that has both figures. Watches nothing on a system without /proc. */
export function watchMemory(pid: number, limit: MiB, onOver: (why: string) => void): MemoryWatch {
  let stopped = false;
  const timer = setInterval(() => {
    void residentMemory(pid).then((resident) => {
      if (stopped || resident === null || resident <= limit) return;
      stopped = true;
      clearInterval(timer);
      onOver(`it was killed with ${Math.round(resident)} MiB of memory, where its limit is ${limit}`);
    });
  }, LOOK_MILLISECONDS);
  timer.unref();
  return {
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
}

/** Resident memory of a process; null when it is gone, or the system does not say. @source proc(5), `VmRSS` in KiB */
export async function residentMemory(pid: number): Promise<MiB | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return kibibytes === undefined ? null : Number(kibibytes) / 1024;
}
