/** What keeps data, by class, nodes and disks; disks at the size that they have, and that they may grow to. */
import type * as aws from "@pulumi/aws";
import { brokers, caches, databases, databaseProxies, volumes, type Database } from "../data/subjects.ts";
import type { Tell } from "../demand/types.ts";
import { ofType, type Resource } from "../framework/given.ts";
import { comesFrom, type Graph, type Seen } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { allMonth, micros } from "../../targets/cost/money.ts";
import type { PriceBook } from "../../targets/cost/price-book.ts";
import { steady, type Item } from "./types.ts";

const proxyTargets = ofType<aws.rds.ProxyTargetArgs>("aws:rds/proxyTarget:ProxyTarget");

/** @source Amazon RDS Proxy pricing, 2026-07: the CPUs of the instance behind it, two at least */
const FEWEST_PROXY_CPUS = 2;
/** What gp3 has in its price. @source Amazon EBS pricing, 2026-07 */
const FREE_IOPS = 3000;

type Prices = PriceBook["prices"];

export function storeItems(graph: Graph, { prices }: PriceBook, tell: Tell): readonly Item[] {
  const each = <View>(seen: readonly Seen<View>[], price: (view: View, resource: Resource) => Item | undefined) =>
    seen.flatMap(({ resource, view }) => known(() => price(view(), resource), tell) ?? []);
  return [
    ...each(graph.all(databases), (database, resource) => databaseItem(database, resource, graph, prices, tell)),
    ...each(graph.all(databaseProxies), (_proxy, resource) => proxyItem(resource, graph, prices, tell)),
    ...each(graph.all(caches), (cache, { name }) => {
      const { nodeType = "", numCacheClusters, numNodeGroups = 1, replicasPerNodeGroup = 0 } = cache;
      const hour = priceOf(prices.cache.nodeHour, nodeType, name, tell);
      const nodes = numCacheClusters ?? numNodeGroups * (1 + replicasPerNodeGroup);
      return hour === undefined ? undefined : steady(name, allMonth(hour, nodes));
    }),
    ...each(graph.all(brokers), ({ numberOfBrokerNodes = 0, brokerNodeGroupInfo }, { name }) => {
      const hour = priceOf(prices.kafka.brokerHour, brokerNodeGroupInfo?.instanceType ?? "", name, tell);
      const gb = brokerNodeGroupInfo?.storageInfo?.ebsStorageInfo?.volumeSize ?? 0;
      if (hour === undefined) return undefined;
      return steady(name, allMonth(hour, numberOfBrokerNodes) + micros(prices.kafka.gbMonth, numberOfBrokerNodes * gb));
    }),
    ...each(graph.all(volumes), ({ type = "gp2", size = 0, iops = 0 }, { name }) => {
      const { gp3GbMonth, io2GbMonth, io2IopsMonth } = prices.volume;
      if (type === "gp3" && iops <= FREE_IOPS) return steady(name, micros(gp3GbMonth, size));
      if (type === "io2") return steady(name, micros(io2GbMonth, size) + micros(io2IopsMonth, iops));
      tell(`the price of a ${type} volume with ${iops} IOPS (${name})`);
      return undefined;
    }),
  ];
}

function databaseItem(database: Database, resource: Resource, graph: Graph, prices: Prices, tell: Tell) {
  const { instanceClass = "", multiAz = false, storageType = "gp3" } = database;
  const { name } = resource;
  const origin = originOf(resource, graph) ?? database;
  const { engine, allocatedStorage = 0, maxAllocatedStorage = 0 } = origin;
  if (engine !== "postgres") tell(`the price of ${engine ?? "a database of no engine"} (${name})`);
  if (!/^gp[23]$/.test(storageType)) tell(`the price of a database's ${storageType} storage (${name})`);
  if (engine !== "postgres" || !/^gp[23]$/.test(storageType)) return undefined;
  const bought = priceOf(prices.database.class, instanceClass, name, tell);
  if (!bought) return undefined;
  // A standby has a disk of its own.
  const copies = multiAz ? 2 : 1;
  const month = (gb: number) => allMonth(bought.hour, copies) + micros(prices.database.gbMonth, copies * gb);
  return { name, desired: month(allocatedStorage), most: month(Math.max(allocatedStorage, maxAllocatedStorage)) };
}

/** A replica has the engine and the disk of what it follows. */
function originOf(resource: Resource, graph: Graph): Database | undefined {
  const [source] = comesFrom(resource, "replicateSourceDb", databases);
  return graph
    .all(databases)
    .find((each) => each.resource === source)
    ?.view();
}

function proxyItem(proxy: Resource, graph: Graph, prices: Prices, tell: Tell): Item | undefined {
  const target = graph
    .all(proxyTargets)
    .find(({ resource }) => comesFrom(resource, "dbProxyName", databaseProxies).includes(proxy));
  const [behind] = target ? comesFrom(target.resource, "dbInstanceIdentifier", databases) : [];
  const database = graph.all(databases).find(({ resource }) => resource === behind);
  if (!database) {
    tell(`the database behind ${proxy.name}`);
    return undefined;
  }
  const bought = priceOf(prices.database.class, database.view().instanceClass ?? "", proxy.name, tell);
  const cpus = Math.max(FEWEST_PROXY_CPUS, bought?.vcpu ?? 0);
  return bought && steady(`${proxy.name} proxy`, allMonth(prices.database.proxyVcpuHour, cpus));
}

function priceOf<Price>(prices: Readonly<Record<string, Price>>, key: string, name: string, tell: Tell) {
  const price = prices[key];
  if (price === undefined) tell(`the price of ${key === "" ? "nothing that is named" : `a ${key}`} (${name})`);
  return price;
}
