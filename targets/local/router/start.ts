/** The router itself: a listener, a table of rules, target groups. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { LOCALHOST } from "../processes/ports.ts";
import { answer, createForwarder, rawAnswer, type Outcome } from "./forward.ts";
import { createGroup, type Group } from "./groups.ts";
import { createMetrics } from "./metrics.ts";
import { createRuleTable, pickGroup } from "./rules.ts";
import type { Target } from "./target.ts";
import { RouterError, type RequestResult, type Router, type RouterOptions } from "./types.ts";

/** Where a request goes: a target, or the status that the router answers itself. */
type Choice = { readonly group: string | null } & (
  { readonly target: Target } | { readonly target: null; readonly status: number }
);

/**
 * Connections that wait to be accepted. Node accepts one in each turn of its loop. On a machine so busy that clients give
 * up in the queue, a long one never recovers: all that is accepted has been given up already, and those clients are back
 * at its end. A client that finds a short one full asks again by itself, a second later.
 */
const BACKLOG = 32;

/**
 * Listens on 127.0.0.1 and forwards HTTP/1.1 and WebSockets by rule, weight and health, as an ALB does:
 * - the weighted choice is made for every request and every new WebSocket; those that are open stay where they are;
 * - there is no stickiness, no retry, and no way from one group to another: a group without targets is a 503;
 * - a group whose targets are all unhealthy is used nevertheless (it fails open).
 * @throws Error with `code` EADDRINUSE when the port is taken
 */
export async function startRouter(options: RouterOptions): Promise<Router> {
  const { host = LOCALHOST, idleTimeout, time, onResult, random = Math.random } = options;
  const idle = idleTimeout * 1000;
  const groups = new Map<string, Group>();
  const rules = createRuleTable();
  const metrics = createMetrics();
  const forwarder = createForwarder(idle);
  const upgraded = new Set<Duplex>();

  const find = (name: string): Group => {
    const group = groups.get(name);
    if (!group) throw new RouterError("unknown", `There is no target group ${name}`);
    return group;
  };
  const choose = ({ url = "/", headers }: IncomingMessage): Choice => {
    const query = url.indexOf("?");
    const weights = rules.match(query < 0 ? url : url.slice(0, query), headers);
    if (!weights) return { group: null, target: null, status: 404 };
    const group = pickGroup(weights, random());
    const target = group === null ? null : (groups.get(group)?.next() ?? null);
    return target ? { group, target } : { group, target: null, status: 503 };
  };
  const record = (
    kind: RequestResult["kind"],
    { group, target }: Choice,
    since: number,
  ): ((outcome: Outcome) => void) => {
    return ({ status, own, connectionFailed }) => {
      const at = performance.now();
      const id = target?.spec.id ?? null;
      const result: RequestResult = { at, group, target: id, status, own, kind, milliseconds: at - since };
      metrics.count(result, connectionFailed);
      onResult?.(result);
    };
  };

  const server = createServer({ keepAliveTimeout: idle, requestTimeout: 0 });
  // later than the target's side, which can still answer 504
  server.timeout = 2 * idle;
  server.on("request", (request, response) => {
    const choice = choose(request);
    const done = record("http", choice, performance.now());
    if (choice.target) {
      forwarder.request(request, response, choice.target, done);
      return;
    }
    request.resume();
    response.once("close", () => done({ status: choice.status, own: true, connectionFailed: false }));
    answer(response, choice.status);
  });
  server.on("upgrade", (request, socket, head) => {
    const choice = choose(request);
    const done = record("upgrade", choice, performance.now());
    upgraded.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => upgraded.delete(socket));
    if (choice.target) {
      forwarder.upgrade(request, socket, head, choice.target, done);
      return;
    }
    socket.end(rawAnswer(choice.status));
    done({ status: choice.status, own: true, connectionFailed: false });
  });
  server.listen({ port: options.port ?? 0, host, backlog: BACKLOG });
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;

  const stopListening = async (): Promise<void> => {
    for (const socket of upgraded) socket.destroy();
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };

  return {
    url: `http://${host}:${port}`,
    port,
    addGroup: (spec) => {
      if (groups.has(spec.name)) throw new RouterError("duplicate", `There is a target group ${spec.name} already`);
      groups.set(spec.name, createGroup(spec, time));
    },
    removeGroup: (name) => {
      const group = find(name);
      const naming = rules.naming(name);
      if (naming.length > 0)
        throw new RouterError("in-use", `The target group ${name} is named by the rules ${naming.join(", ")}`);
      groups.delete(name);
      group.drop();
    },
    register: (group, target) => find(group).register(target),
    deregister: async (group, id) => find(group).deregister(id),
    addRule: (rule) => {
      for (const { group } of rule.forward) find(group);
      rules.add(rule);
    },
    setWeights: (priority, weights) => rules.setWeights(priority, weights),
    weights: (priority) => rules.weights(priority),
    removeRule: (priority) => rules.remove(priority),
    rules: () => rules.list(),
    describeHealth: (group) => find(group).describe(),
    metrics: () => metrics.read(),
    crash: stopListening,
    recover: async () => {
      server.listen({ port, host, backlog: BACKLOG });
      await once(server, "listening");
    },
    close: async () => {
      for (const group of groups.values()) group.drop();
      groups.clear();
      await stopListening();
    },
  };
}
