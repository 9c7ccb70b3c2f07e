/** As much of a browser's WebSocket as is used. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketEvents {
  readonly opened: () => void;
  readonly received: (text: string) => void;
  readonly closed: (code: number) => void;
}

/** A browser's socket in that form. */
export function browserSocket(address: string): (events: SocketEvents) => Socket {
  return ({ opened, received, closed }) => {
    const socket = new WebSocket(address);
    socket.addEventListener("open", opened);
    socket.addEventListener("message", ({ data }) => {
      if (typeof data === "string") received(data);
    });
    socket.addEventListener("close", ({ code }) => closed(code));
    return socket;
  };
}
