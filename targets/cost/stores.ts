/** What keeps data, as platform/foundation buys it: RDS, ElastiCache and MSK, or machines of ours; buckets and queues. */
import type { GiB, Model, Problem, Result, Store, Volume } from "../../platform/model/types.ts";
import type { Inventory } from "./inventory.ts";
import { allMonth, fixed, micros, used, type Micros } from "./money.ts";
import { together, type Part } from "./parts.ts";
import { noPrice, type PriceBook } from "./price-book.ts";

/** The writer has a standby in another zone, with a disk of its own. */
const WRITERS = 2;
/** RDS Proxy bills the CPUs of the instance behind it, two at least. @source Amazon RDS Proxy pricing, 2026-07 */
const FEWEST_PROXY_CPUS = 2;
/** The root disk of a self-hosted store's machine. */
const ROOT_GB: GiB = 30;

/** A part for each store, one for all buckets, one for all queues. */
export function storeParts(model: Model, inventory: Inventory, book: PriceBook): Result<readonly Part[]> {
  const { prices, assumptions } = book;
  const buckets = fixed(micros(prices.storage.gbMonth, assumptions.storedGb));
  const queues = used(prices.messages.millionRequests, assumptions.millionMessages);
  const others: readonly Part[] = [
    ...(model.buckets.length === 0
      ? []
      : [{ name: "buckets", kind: "store", estimated: true, monthly: buckets } as const]),
    ...(model.queues.length === 0
      ? []
      : [{ name: "queues", kind: "store", estimated: true, monthly: queues } as const]),
  ];
  return together([...model.stores.map((store) => storePart(store, inventory, book)), { ok: true, value: others }]);
}

function storePart(store: Store, inventory: Inventory, book: PriceBook): Result<readonly Part[]> {
  const { name, kind, hosting } = store;
  const cost =
    hosting === "managed" ? MANAGED[kind](inventory, book, name) : ownMachines(store, hosting, inventory, book);
  if (typeof cost !== "number") return { ok: false, problems: [cost] };
  return { ok: true, value: [{ name, kind: "store", estimated: hosting !== "managed", monthly: fixed(cost) }] };
}

type Cost = Micros | Problem;

const MANAGED: Readonly<Record<Store["kind"], (inventory: Inventory, book: PriceBook, name: string) => Cost>> = {
  postgres: database,
  redis: cache,
  kafka: brokers,
};

/** Backups up to the size of the disks are free; longer ones are left out. */
function database({ sizes }: Inventory, { prices }: PriceBook, name: string): Cost {
  const { instanceClass, storage, replicas } = sizes.database;
  const bought = prices.database.class[instanceClass];
  if (!bought) return noPrice(["database", "class", instanceClass], name);
  const instances = WRITERS + replicas;
  const proxy = allMonth(prices.database.proxyVcpuHour, Math.max(FEWEST_PROXY_CPUS, bought.vcpu));
  return allMonth(bought.hour, instances) + micros(prices.database.gbMonth, instances * storage) + proxy;
}

function cache({ sizes }: Inventory, { prices }: PriceBook, name: string): Cost {
  const { nodeType, nodes } = sizes.cache;
  const hour = prices.cache.nodeHour[nodeType];
  if (hour === undefined) return noPrice(["cache", "nodeHour", nodeType], name);
  return allMonth(hour, nodes);
}

function brokers({ sizes, brokers: count }: Inventory, { prices }: PriceBook, name: string): Cost {
  const { instanceType, storage } = sizes.kafka;
  const hour = prices.kafka.brokerHour[instanceType];
  if (hour === undefined) return noPrice(["kafka", "brokerHour", instanceType], name);
  return allMonth(hour, count) + micros(prices.kafka.gbMonth, count * storage);
}

function ownMachines(
  { name, kind }: Store,
  { volumes, replicas }: Exclude<Store["hosting"], "managed">,
  { sizes }: Inventory,
  { prices, assumptions }: PriceBook,
): Cost {
  const instanceType = kind === "redis" ? sizes.selfHosted.memory : sizes.selfHosted.iops;
  const hour = prices.instanceHour[instanceType];
  if (hour === undefined) return noPrice(["instanceHour", instanceType], name);
  const disks = volumes.reduce((sum, volume) => sum + volumeMonth(volume, prices.volume), 0);
  const kept = volumes.reduce((sum, { size }) => sum + size, 0) * assumptions.snapshotShare;
  const machines = 1 + replicas;
  return (
    allMonth(hour, machines) +
    micros(prices.volume.gp3GbMonth, machines * ROOT_GB) +
    machines * disks +
    micros(prices.volume.snapshotGbMonth, machines * kept)
  );
}

function volumeMonth({ type, size, iops = 0 }: Volume, price: PriceBook["prices"]["volume"]): Micros {
  if (type === "gp3") return micros(price.gp3GbMonth, size);
  return micros(price.io2GbMonth, size) + micros(price.io2IopsMonth, iops);
}
