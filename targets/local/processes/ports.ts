/** Free TCP ports on 127.0.0.1. */
import { once } from "node:events";
import { connect, createServer } from "node:net";

export const LOCALHOST = "127.0.0.1";
/** Below the kernel's own range for outgoing connections (32768 on Linux, 49152 on macOS), which could take one meanwhile. */
const FIRST = 20_000;
const LAST = 32_000;
const TRIES = 200;
const given = new Set<number>();

/**
 * A port that nobody listens on and that this process has not given away before: the one who asked opens it later.
 * @throws Error when none was found, which means that nearly all are taken
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`No free port found between ${FIRST} and ${LAST}`);
}

/** Gives a port back that is not used any more. */
export function returnPort(port: number): void {
  given.delete(port);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const outcome = Promise.race([
    once(server, "listening").then(() => true),
    once(server, "error").then(() => false),
  ]).catch(() => false);
  server.listen(port, LOCALHOST);
  const free = await outcome;
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

/** True when something accepts connections there within the time. */
export async function isOpen(port: number, host = LOCALHOST, milliseconds = 1000): Promise<boolean> {
  const socket = connect({ port, host, timeout: milliseconds });
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("timeout", () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
