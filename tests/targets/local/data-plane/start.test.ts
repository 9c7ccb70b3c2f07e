import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Kafka, logLevel } from "kafkajs";
import { startDataPlane, type DataPlane } from "../../../../targets/local/data-plane/index.ts";
import { withClient } from "../../../../targets/local/data-plane/postgres.ts";
import { isOpen } from "../../../../targets/local/processes/ports.ts";

const stores = { DATABASE_URL: undefined, REDIS_URL: undefined, KAFKA_BROKERS: undefined };

/** The first run on a machine fetches and prepares; it may take minutes. */
describe("targets/local/data-plane", function () {
  this.timeout(600_000);
  let plane: DataPlane;
  let folder: string;
  const temporary = process.env["TMPDIR"];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "data-plane-test-"));
    process.env["TMPDIR"] = folder;
    const topics = [{ name: "prices", partitions: 3 }];
    plane = await startDataPlane({ topics, report: () => undefined, env: { ...process.env, ...stores } });
    if (temporary === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = temporary;
  });
  after(async () => {
    await plane.stop();
    await rm(folder, { recursive: true });
  });

  it("is a real Postgres with a password, whose commits survive a SIGKILL", async () => {
    const url = await plane.databaseDirect("kill");
    const wrong = new URL(url);
    wrong.password = "wrong";
    expect(await withClient(wrong.toString(), () => Promise.resolve("in")).catch(String)).to.include("password");
    await withClient(url, async (client) => {
      await client.query("CREATE TABLE t (id int PRIMARY KEY)");
      for (let id = 0; id < 100; id += 1) await client.query("INSERT INTO t VALUES ($1)", [id]);
    });
    await plane.kill("postgres");
    await plane.restart("postgres");
    const { rows } = await withClient(url, (client) => client.query("SELECT count(*)::int AS n FROM t"));
    expect(rows).to.deep.equal([{ n: 100 }]);
  });

  it("gives every test an empty database of its own", async () => {
    const [one, two] = await Promise.all([plane.databaseDirect("same"), plane.databaseDirect("same")]);
    expect(one).not.to.equal(two);
    await withClient(one, (client) => client.query("CREATE TABLE t ()"));
    expect(await withClient(two, (client) => client.query("SELECT FROM t")).catch(String)).to.include("does not exist");
  });

  it("is a real Kafka with the topics asked for, whose acknowledged messages survive a SIGKILL", async () => {
    const kafka = new Kafka({ brokers: [plane.kafkaBrokers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ idempotent: true });
    await producer.connect();
    const messages = Array.from({ length: 100 }, (_, id) => ({ key: "BTC-USD", value: String(id) }));
    await producer.send({ topic: "prices", acks: -1, messages });
    await producer.disconnect();
    await plane.kill("kafka");
    await plane.restart("kafka");
    const admin = kafka.admin();
    await admin.connect();
    let offsets: { high: string }[] = [];
    while (offsets.length === 0) offsets = await admin.fetchTopicOffsets("prices").catch(() => []);
    await admin.disconnect();
    expect(offsets).to.have.length(3);
    expect(offsets.reduce((sum, { high }) => sum + Number(high), 0)).to.equal(100);
  });

  it("tells nothing of a drill, and names a store that dies by itself, with its last lines", async () => {
    await plane.kill("redis");
    await plane.restart("redis");
    const socket = connect(Number(new URL(plane.redisUrl).port), "127.0.0.1");
    await once(socket, "connect");
    socket.write("SHUTDOWN NOSAVE\r\n");
    const death = await plane.died;
    socket.destroy();
    expect(death).to.include({ component: "redis", exit: "exit code 0" });
    expect(death.lines.join("\n")).to.include("Redis is now ready to exit");
  });

  it("uses the stores that the environment names, and creates topics there", async () => {
    const env = { DATABASE_URL: plane.databaseUrl, KAFKA_BROKERS: plane.kafkaBrokers };
    const topics = [{ name: "later", partitions: 2 }];
    const second = await startDataPlane({ redis: false, topics, report: () => undefined, env });
    expect(second).to.include({ databaseUrl: plane.databaseUrl, kafkaBrokers: plane.kafkaBrokers, redisUrl: "" });
    expect(() => second.kill("postgres")).to.throw("not embedded");
    const extra = await second.databaseDirect("extra");
    await second.stop();
    expect(await withClient(extra, () => Promise.resolve("still there")).catch(String)).to.include("does not exist");
    const admin = new Kafka({ brokers: [plane.kafkaBrokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    expect(await admin.listTopics()).to.include.members(["prices", "later"]);
    await admin.disconnect();
  });

  it("leaves no process and no file when it stops", async () => {
    const ports = [plane.databaseUrl, plane.redisUrl, `kafka://${plane.kafkaBrokers}`].map((url) =>
      Number(new URL(url).port),
    );
    expect(await readdir(folder)).to.have.length(1);
    await Promise.all([plane.stop(), plane.stop()]);
    await plane.stop();
    expect(await readdir(folder)).to.deep.equal([]);
    expect(await Promise.all(ports.map((port) => isOpen(port)))).to.deep.equal([false, false, false]);
  });
});
