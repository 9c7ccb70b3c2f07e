/** The states of the connection, as data: what happened leads from one to the next, and says what is to be done. */
import { delay } from "./backoff.ts";

export type Connection =
  | { readonly is: "connecting"; readonly attempt: number }
  | { readonly is: "open"; readonly attempt: number }
  | { readonly is: "waiting"; readonly attempt: number; readonly milliseconds: number }
  | { readonly is: "offline" };

export type Happening =
  | { readonly type: "opened" }
  /** It has held long enough to believe in it. */
  | { readonly type: "settled" }
  | { readonly type: "closed"; readonly code: number; readonly random: number }
  | { readonly type: "waited" }
  | { readonly type: "offline" }
  | { readonly type: "online" };

export const FIRST: Connection = { is: "connecting", attempt: 0 };

/** A replica that leaves says so: others are there, so its clients go to them at once, spread a little. */
const GOING_AWAY = 1001;

/** Never throws: what can't happen in a state changes nothing. */
export function next(connection: Connection, happening: Happening): Connection {
  switch (happening.type) {
    case "opened":
      return connection.is === "connecting" ? { is: "open", attempt: connection.attempt } : connection;
    case "settled":
      return connection.is === "open" && connection.attempt > 0 ? { is: "open", attempt: 0 } : connection;
    case "closed": {
      if (connection.is !== "connecting" && connection.is !== "open") return connection;
      const { code, random } = happening;
      const attempt = code === GOING_AWAY && connection.is === "open" ? 0 : connection.attempt;
      return { is: "waiting", attempt: attempt + 1, milliseconds: delay(attempt, random) };
    }
    case "waited":
      return connection.is === "waiting" ? { is: "connecting", attempt: connection.attempt } : connection;
    case "offline":
      return { is: "offline" };
    case "online":
      // The wait was for a network that is there now.
      return connection.is === "open" || connection.is === "connecting" ? connection : FIRST;
  }
}

/** What a reader is told of it. */
export function describe(connection: Connection): string {
  switch (connection.is) {
    case "open":
      return "Live";
    case "connecting":
      return connection.attempt === 0 ? "Connecting" : "Reconnecting";
    case "waiting":
      return "Reconnecting";
    case "offline":
      return "Offline";
  }
}
