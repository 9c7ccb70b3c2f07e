/**
 * A cluster that is somebody else's, by its kubeconfig: everything is tried, and when the tests are done nothing of ours
 * is left there. The other cluster is one of our own here, reached as a stranger reaches it.
 */
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { temporaryFolder, type TemporaryFolder } from "../../targets/local/processes/temporary.ts";
import { dev } from "../support/stacks.ts";
import { openCluster, type Cluster } from "./support/cluster.ts";
import { manifestsOf } from "./support/forms.ts";
import { Namespaced } from "./support/namespaced.ts";
import { useControlPlane } from "./support/plane-hooks.ts";
import { podsOf } from "./support/pods.ts";

const TEST_MILLISECONDS = 120_000;

describe("a cluster that KUBECONFIG points at", function () {
  this.timeout(TEST_MILLISECONDS);
  const manifests = manifestsOf("eks", { ...dev, namespace: "somebody-elses" });
  let folder: TemporaryFolder;

  const { plane } = useControlPlane(async () => {
    folder = await temporaryFolder("kubeconfig");
  });
  after(async () => {
    await (folder as TemporaryFolder | undefined)?.remove();
  });

  async function opened(file: string): Promise<Cluster> {
    const cluster = await openCluster({ KUBECONFIG: file });
    if ("reason" in cluster) throw new Error(cluster.reason);
    expect(cluster.disposable).to.equal(false);
    return cluster;
  }

  it("is reached by a token, and by an authority in a file beside the kubeconfig", async () => {
    const { kubeconfig } = plane().cluster.server;
    expect(await (await opened(kubeconfig)).api.version()).to.equal(await plane().cluster.api.version());

    const config = parse(await readFile(kubeconfig, "utf8")) as { clusters: [{ cluster: Record<string, string> }] };
    const { cluster } = config.clusters[0];
    await writeFile(join(folder.path, "ca.crt"), Buffer.from(cluster["certificate-authority-data"] ?? "", "base64"));
    delete cluster["certificate-authority-data"];
    cluster["certificate-authority"] = "ca.crt";
    const moved = join(folder.path, "config");
    await writeFile(moved, stringify(config), { mode: 0o600 });
    expect(await (await opened(moved)).api.version()).to.equal(await plane().cluster.api.version());
  });

  it("is a reason to skip where its user has no credentials of that kind", async () => {
    const file = join(folder.path, "exec");
    await copyFile(plane().cluster.server.kubeconfig, file);
    const config = parse(await readFile(file, "utf8")) as { users: [{ user: unknown }] };
    config.users[0].user = { exec: { command: "aws" } };
    await writeFile(file, stringify(config));
    expect(await openCluster({ KUBECONFIG: file })).to.deep.equal({
      reason: "KUBECONFIG's user has neither a token nor a client certificate",
    });
  });

  it("takes every manifest twice, and has nothing of ours afterwards", async () => {
    const cluster = await opened(plane().cluster.server.kubeconfig);
    const { api } = cluster;
    const names = async (path: string): Promise<string> => JSON.stringify(await namesAt(path));
    const before = [await names("/api/v1/namespaces"), await names(CLASSES)];
    for (let times = 0; times < 2; times += 1) {
      const place = new Namespaced(cluster);
      await place.prepare(manifests);
      for (const each of await place.known(manifests)) expect((await place.apply(each)).status).to.be.below(300);
      for (const pod of manifests.flatMap(podsOf)) expect((await api.tryCreate(pod)).status).to.equal(201);
      expect(plane().kubelet.pods()).to.deep.equal([]);
      await place.remove();
      expect([await names("/api/v1/namespaces"), await names(CLASSES)]).to.deep.equal(before);
    }
  });

  async function namesAt(path: string): Promise<readonly string[]> {
    const { items } = (await plane().cluster.api.must("GET", path)) as { items: { metadata: { name: string } }[] };
    return items.map(({ metadata }) => metadata.name);
  }
});

const CLASSES = "/apis/scheduling.k8s.io/v1/priorityclasses";
