/** Takes every mail on this machine, delivers none, and shows what it took. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { LOCALHOST } from "../processes/ports.ts";
import { createConversation, GREETING, type Envelope } from "./conversation.ts";
import { readMessage } from "./message.ts";

export interface Mail {
  readonly receivedAt: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export interface MailSink {
  /** `smtp://127.0.0.1:port`. */
  readonly url: string;
  /** The last {@link KEPT}, newest first. */
  mails(): readonly Mail[];
  /** Twice is harmless. */
  close(): Promise<void>;
}

export const KEPT = 200;
/** RFC 5321 allows 1000 characters a line; what never ends one is cut off. */
const LONGEST_LINE = 100_000;

export async function startMailSink(): Promise<MailSink> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const keep = ({ from, to, source }: Envelope): void => {
    mails.unshift({ receivedAt: new Date().toISOString(), from, to, ...readMessage(source) });
    mails.length = Math.min(mails.length, KEPT);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    talk(socket, keep);
  });
  server.listen(0, LOCALHOST);
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `smtp://${LOCALHOST}:${port}`,
    mails: () => [...mails],
    close: async () => {
      if (!server.listening) return;
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

function talk(socket: Socket, keep: (envelope: Envelope) => void): void {
  const conversation = createConversation(keep);
  let rest = "";
  socket.setEncoding("utf8").write(`${GREETING}\r\n`);
  socket.on("data", (chunk: string) => {
    const lines = `${rest}${chunk}`.split(/\r?\n/);
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST_LINE) {
      socket.destroy();
      return;
    }
    for (const line of lines) {
      const answer = conversation.line(line);
      if (answer !== null) socket.write(`${answer}\r\n`);
      if (conversation.over) {
        socket.end();
        return;
      }
    }
  });
}
