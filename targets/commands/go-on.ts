/** A person at a terminal says that it goes on, by Enter. */
import { createInterface } from "node:readline";

/** null where there is no terminal. Resolves at Enter, and when the signal fires: then nobody waits any more. */
export function goOnByEnter(
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WriteStream = process.stderr,
): ((signal: AbortSignal) => Promise<void>) | null {
  if (!input.isTTY) return null;
  return (signal) =>
    new Promise((resolve) => {
      const lines = createInterface({ input, output, terminal: false });
      const end = (): void => {
        lines.close();
        resolve();
      };
      output.write("Held. Enter goes on; Ctrl-C leaves it as it is.\n");
      lines.once("line", end);
      signal.addEventListener("abort", end, { once: true });
    });
}
