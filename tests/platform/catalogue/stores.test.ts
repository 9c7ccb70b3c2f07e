/** How the stores are hosted, stack by stack: a question that changes neither names nor ports. */
import { expect } from "chai";
import { stores } from "../../../platform/catalogue/stores.ts";
import { readStackFile, type Settings } from "../../../platform/settings.ts";

function settings(stack: string): Settings {
  const read = readStackFile(".", stack);
  if (!read.ok) throw new Error(`${stack} has bad settings.`);
  return read.value;
}

describe("the stores", () => {
  it("are managed unless a stack says otherwise", () => {
    expect(stores(settings("dev")).map(({ hosting }) => hosting)).to.deep.equal(["managed", "managed", "managed"]);
  });

  it("keep their names and ports when they are self-hosted", () => {
    const names = (list: ReturnType<typeof stores>) => list.map(({ name, kind, port }) => ({ name, kind, port }));
    const dev = settings("dev");
    expect(names(stores({ ...dev, stores: "selfHosted" }))).to.deep.equal(names(stores(dev)));
  });

  it("are TimescaleDB on IOPS-optimised and Redis on memory-optimised hardware, Kafka managed still", () => {
    const [database, redis, kafka] = stores({ ...settings("prod"), stores: "selfHosted" });
    expect(database?.hosting).to.deep.equal({
      on: { pool: "iops" },
      volumes: [{ type: "io2", size: 500, iops: 16_000 }],
      replicas: 0,
    });
    expect(redis?.hosting).to.deep.equal({
      on: { pool: "memory" },
      volumes: [{ type: "gp3", size: 100 }],
      replicas: 2,
    });
    expect(kafka?.hosting).to.equal("managed");
  });
});
