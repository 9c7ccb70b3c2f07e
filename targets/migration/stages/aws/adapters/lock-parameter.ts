/**
 * The lock of a migration on stacks: a parameter of Systems Manager, which is made by whoever comes first and by nobody
 * else. It outlives the process: who goes on with the same migration takes it along.
 */
import type { SSMClient } from "@aws-sdk/client-ssm";
import { z } from "zod";
import { heldBy, type Holder, LockedError, LockLostError, type Lock } from "../../../lock.ts";

/** A value that can be made once. */
export interface OnceStore {
  /** false: there is one already. */
  create(name: string, value: string): Promise<boolean>;
  replace(name: string, value: string): Promise<void>;
  read(name: string): Promise<string | null>;
  remove(name: string): Promise<void>;
}

const holder = z.object({ run: z.string(), pid: z.int(), host: z.string(), since: z.string() });

export const lockName = (stack: string): string => `/cryptotracker/${stack}/migration`;

/**
 * @param mine `run` names the migration: the same one may be gone on with from another process, once that has ended
 * @param isAlive whether a process of this machine still runs; of another machine nobody knows
 * @throws LockedError with who has it, and how to take it away
 */
export async function takeParameterLock(
  store: OnceStore,
  stack: string,
  mine: Holder,
  isAlive: (pid: number) => boolean,
): Promise<Lock> {
  const name = lockName(stack);
  const value = JSON.stringify(mine);
  if (!(await store.create(name, value))) {
    const other = parse(await store.read(name));
    // Its journal is here, so it is the same migration; a process of another machine that still thinks so finds out before
    // its next step.
    const ours = other?.run === mine.run && !(other.host === mine.host && other.pid !== mine.pid && isAlive(other.pid));
    if (!ours) throw new LockedError(sentence(other, name));
    await store.replace(name, value);
  }
  return {
    verify: async () => {
      if ((await store.read(name)) !== value) throw new LockLostError(`The lock ${name} is somebody else's by now.`);
    },
    release: async () => {
      if ((await store.read(name)) === value) await store.remove(name);
    },
  };
}

function parse(text: string | null): Holder | null {
  try {
    const read = holder.safeParse(JSON.parse(text ?? "null"));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

function sentence(other: Holder | null, name: string): string {
  const who = other ? `: ${heldBy(other)}` : "";
  return (
    `Another migration has the lock ${name}${who}. If it has ended without giving it back: ` +
    `aws ssm delete-parameter --name ${name}, and then --resume or --roll-back where its journal is.`
  );
}

export function parameterStore(client: SSMClient): OnceStore {
  const sdk = () => import("@aws-sdk/client-ssm");
  return {
    create: async (name, value) => {
      const { ParameterAlreadyExists, PutParameterCommand } = await sdk();
      try {
        await client.send(new PutParameterCommand({ Name: name, Value: value, Type: "String", Overwrite: false }));
        return true;
      } catch (error) {
        if (error instanceof ParameterAlreadyExists) return false;
        throw error;
      }
    },
    replace: async (name, value) => {
      const { PutParameterCommand } = await sdk();
      await client.send(new PutParameterCommand({ Name: name, Value: value, Type: "String", Overwrite: true }));
    },
    read: async (name) => {
      const { GetParameterCommand, ParameterNotFound } = await sdk();
      try {
        return (await client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value ?? null;
      } catch (error) {
        if (error instanceof ParameterNotFound) return null;
        throw error;
      }
    },
    remove: async (name) => {
      const { DeleteParameterCommand } = await sdk();
      await client.send(new DeleteParameterCommand({ Name: name }));
    },
  };
}
