/** One HTTP health check, as a kubelet, a container's `curl -f` or a load balancer makes it. */
import { get } from "node:http";
import { codeOf } from "./errors.ts";

export interface CheckTarget {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Real milliseconds for the whole answer's head. */
  readonly timeout: number;
}

export interface CheckResult {
  /** null: no answer. */
  readonly status: number | null;
  /** `200`, `ECONNREFUSED`, `no answer within 1000 ms`. */
  readonly detail: string;
}

/** Never rejects: no answer is a result, too. */
export function checkHttp({ host, port, path, timeout }: CheckTarget): Promise<CheckResult> {
  return new Promise((resolve) => {
    const request = get({ host, port, path, agent: false, headers: { connection: "close" } }, (response) => {
      const status = response.statusCode ?? 0;
      clearTimeout(timer);
      response.on("error", () => undefined).resume();
      // a body that never ends must not hold the socket
      setTimeout(() => request.destroy(), timeout).unref();
      resolve({ status, detail: String(status) });
    });
    const timer = setTimeout(() => {
      resolve({ status: null, detail: `no answer within ${timeout} ms` });
      request.destroy();
    }, timeout);
    request.on("error", (error) => {
      clearTimeout(timer);
      resolve({ status: null, detail: codeOf(error) || error.message });
    });
  });
}
