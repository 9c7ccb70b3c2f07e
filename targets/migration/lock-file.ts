/**
 * A lock for what lies on one machine's disk: a folder of claims, a file each. Whoever wants the lock puts its claim there
 * first and looks second: of two that come at once at least one sees the other and gives way, and never do both go on.
 * A claim of this machine whose process is gone counts no more; that of another machine always does.
 */
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { heldBy, type Holder, LockedError, LockLostError, type Lock } from "./lock.ts";

/** What tells one process from a later one with its number. */
export interface Processes {
  readonly pid: number;
  readonly host: string;
  /** null: there is no such process. Where a system does not tell when one began, `0`. */
  startOf(pid: number): string | null;
}

const claim = z.object({
  ...{ run: z.string(), pid: z.int().positive(), host: z.string(), since: z.string() },
  startedAt: z.string(),
});
type Claim = z.infer<typeof claim>;

const CLAIM = /^(?!\.).+\.json$/;

/** @throws LockedError with who has it, and with the file to delete where that cannot be known from here */
export function takeFileLock(folder: string, run: string, processes: Processes = ofThisMachine): Lock {
  mkdirSync(folder, { recursive: true });
  const { pid, host } = processes;
  const mine: Claim = { run, pid, host, since: new Date().toISOString(), startedAt: processes.startOf(pid) ?? "0" };
  const path = join(folder, `${run}.json`);
  const release = (): Promise<void> => {
    rmSync(path, { force: true });
    return Promise.resolve();
  };
  publish(folder, path, mine);
  try {
    const other = livingClaims(folder, processes).find((each) => each.run !== run);
    if (other) throw new LockedError(sentence(other, folder, processes));
  } catch (error) {
    void release();
    throw error;
  }
  return {
    verify: () => {
      const found = readClaim(path);
      if (found?.pid === pid && found.host === host) return Promise.resolve();
      return Promise.reject(new LockLostError(`The lock ${path} is gone: somebody took it away.`));
    },
    release,
  };
}

/** A claim is there with all it says, or not at all. */
function publish(folder: string, path: string, mine: Claim): void {
  const draft = join(folder, `.${mine.run}.draft`);
  writeFileSync(draft, JSON.stringify(mine), { flush: true });
  try {
    linkSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

function livingClaims(folder: string, processes: Processes): readonly Holder[] {
  return readdirSync(folder)
    .filter((name) => CLAIM.test(name))
    .flatMap((name) => {
      const path = join(folder, name);
      const found = readClaim(path);
      if (found === null || isAlive(found, processes)) return found === null ? [] : [found];
      rmSync(path, { force: true });
      return [];
    });
}

function isAlive({ host, pid, startedAt }: Claim, processes: Processes): boolean {
  return host !== processes.host || processes.startOf(pid) === startedAt;
}

/** null: it was released in the meantime. @throws LockedError for one that says nothing */
function readClaim(path: string): Claim | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  try {
    return claim.parse(JSON.parse(text));
  } catch {
    throw new LockedError(`${path} is no lock of ours. If no rehearsal runs, delete it.`);
  }
}

function sentence(other: Holder, folder: string, { host }: Processes): string {
  const said = `Another rehearsal runs: ${heldBy(other)}.`;
  if (other.host === host) return said;
  return `${said} Whether it still does can't be seen from here; if not, delete ${join(folder, `${other.run}.json`)}.`;
}

const ofThisMachine: Processes = {
  pid: process.pid,
  host: hostname(),
  startOf: (pid) => {
    try {
      process.kill(pid, 0);
    } catch (error) {
      // Somebody else's process is one all the same.
      if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return null;
    }
    return startTime(pid);
  },
};

/** The 22nd field, after a name in brackets that may hold spaces. @source proc_pid_stat(5), starttime */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch {
    return "0";
  }
}
