/** A mail server that keeps what it is sent. @source RFC 5321 */
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface Mail {
  readonly to: readonly string[];
  /** Headers and body as they came, folded lines put together. */
  readonly text: string;
}

export interface SmtpSink {
  readonly url: string;
  readonly mails: readonly Mail[];
  /** What it answers a recipient or a whole mail with from now on; undefined for no answer at all. */
  answer(to: "RCPT" | "DATA", line: string | undefined): void;
  close(): Promise<void>;
}

export async function startSmtpSink(): Promise<SmtpSink> {
  const mails: Mail[] = [];
  const answers: Record<"RCPT" | "DATA", string | undefined> = { RCPT: "250 fine", DATA: "250 taken" };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    converse(socket, mails, answers);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    answer: (to, line) => (answers[to] = line),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function converse(socket: Socket, mails: Mail[], answers: Record<"RCPT" | "DATA", string | undefined>): void {
  const say = (line: string | undefined) => line !== undefined && socket.write(`${line}\r\n`);
  let to: string[] = [];
  let data: string[] | undefined;
  let rest = "";
  const hear = (line: string): void => {
    if (data) {
      if (line !== ".") return void data.push(line);
      mails.push({ to, text: data.join("\n").replaceAll(/\n[ \t]+/g, " ") });
      [to, data] = [[], undefined];
      say(answers.DATA);
      return;
    }
    const [verb = ""] = line.toUpperCase().split(" ", 1);
    if (verb === "RCPT") {
      to.push(/<(.*)>/.exec(line)?.[1] ?? "");
      say(answers.RCPT);
    } else if (verb === "DATA") {
      data = [];
      say("354 go on");
    } else if (verb === "STARTTLS") {
      say("502 not here");
    } else if (verb === "QUIT") {
      socket.end("221 bye\r\n");
    } else say("250 fine");
  };
  say("220 sink");
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) hear(line);
  });
}
