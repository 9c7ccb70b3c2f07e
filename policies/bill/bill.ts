/**
 * The stack's bill as its graph has it: capacity by the hour, and all that costs by the piece. What follows traffic
 * (gigabytes, requests, log lines) no graph knows; `npm run cost` assumes it.
 */
import { brokers, caches, databaseProxies, databases, volumes } from "../data/subjects.ts";
import { instances, taskDefinitions } from "../compute/subjects.ts";
import { groups, nodeGroups } from "../demand/machines.ts";
import type { Tell } from "../demand/types.ts";
import type { Graph } from "../framework/graph.ts";
import type { PriceBook } from "../../targets/cost/price-book.ts";
import { machineItems } from "./machines.ts";
import { pieceItems, PIECES } from "./pieces.ts";
import { storeItems } from "./stores.ts";
import { taskItems } from "./tasks.ts";
import type { Item } from "./types.ts";
import { isUnbilled } from "./unbilled.ts";

/** What is priced. */
export const PRICED = [
  ...[taskDefinitions, groups, nodeGroups, instances, databases, databaseProxies, caches, brokers, volumes],
  ...PIECES,
];

/** Every part of it, the dearest first; `tell` hears of what has no price, which is then missing from the sum. */
export function billOf(graph: Graph, book: PriceBook, tell: Tell): readonly Item[] {
  const priced = new Set(PRICED.flatMap(({ types }) => types));
  for (const { type, name } of graph.resources) {
    if (type.startsWith("aws:") && !priced.has(type) && !isUnbilled(type)) tell(`the price of a ${type} (${name})`);
  }
  return [
    ...taskItems(graph, book, tell),
    ...machineItems(graph, book, tell),
    ...storeItems(graph, book, tell),
    ...pieceItems(graph, book, tell),
  ].sort((a, b) => b.most - a.most);
}
