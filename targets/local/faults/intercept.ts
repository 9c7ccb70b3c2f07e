/** Stands between Node's HTTP server and whatever listens to it, in the process that imports this. */
import { IncomingMessage, Server, ServerResponse } from "node:http";

/** Paths of probes, which a fault leaves alone: it harms users, not what watches over them. */
const PROBES = new Set(["/health", "/ready"]);

/**
 * Calls `meet` for every request of every HTTP server of this process, probes apart, in place of the service.
 * `proceed` hands the request on to it, now or later.
 */
export function interceptRequests(meet: (response: ServerResponse, proceed: () => void) => void): void {
  const emit = Reflect.get(Server.prototype, "emit");
  if (typeof emit !== "function") throw new TypeError("This Node's HTTP server emits no events");
  const isResponse = (value: unknown): value is ServerResponse => value instanceof ServerResponse;
  Server.prototype.emit = function (this: Server, event: string | symbol, ...rest: unknown[]): boolean {
    const [request, response] = rest;
    const proceed = (): boolean => Boolean(Reflect.apply(emit, this, [event, ...rest]));
    if (event !== "request" || !(request instanceof IncomingMessage) || !isResponse(response)) return proceed();
    if (PROBES.has((request.url ?? "").split("?")[0] ?? "")) return proceed();
    meet(response, proceed);
    return true;
  };
}
