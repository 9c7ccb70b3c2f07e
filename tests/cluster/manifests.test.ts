/**
 * Every manifest against a real Kubernetes API server: server-side apply with strict field validation, and each pod under
 * the namespace's enforced Pod Security level, its quota and its priority classes. Runs where KUBE_APISERVER (the path of
 * a kube-apiserver; etcd from PATH) or KUBECONFIG is given.
 */
import { expect } from "chai";
import { cryptotracker } from "../../platform/cryptotracker.ts";
import { dev, prod } from "../support/stacks.ts";
import { messageOf, type Answer, type Applicable } from "./support/api.ts";
import { openCluster, type Cluster } from "./support/cluster.ts";
import { FORMS, manifestsOf } from "./support/forms.ts";
import { Namespaced } from "./support/namespaced.ts";
import { podsOf, type Pod } from "./support/pods.ts";

const START_MILLISECONDS = 300_000;
const APPLY_MILLISECONDS = 120_000;

/**
 * Warnings that no manifest can avoid: of a headless Service the server warns after it has filled in the default itself.
 * @source kubernetes v1.34.1, pkg/api/service/warnings.go
 */
const SAID_OF_EVERY = new Set(["spec.SessionAffinity is ignored for headless services"]);

describe("a real Kubernetes API server", function () {
  this.timeout(APPLY_MILLISECONDS);
  const lines: string[] = [];
  let cluster: Cluster;

  before(async function () {
    this.timeout(START_MILLISECONDS);
    const opened = await openCluster(process.env);
    if ("reason" in opened) {
      process.stdout.write(`    skipped: ${opened.reason}\n`);
      this.skip();
    }
    cluster = opened;
    lines.push(`Kubernetes ${await cluster.api.version()}`, ...cluster.missing.map((each) => `skipped: ${each}`));
  });

  after(async function () {
    this.timeout(START_MILLISECONDS);
    for (const line of lines) process.stdout.write(`    ${line}\n`);
    // Undefined where the hook above has skipped.
    await (cluster as Cluster | undefined)?.stop();
  });

  for (const settings of [dev, prod]) {
    for (const form of FORMS) {
      // Of its own each: a Job of one form would else be changed into the other's, which no server allows.
      const namespace = `${settings.namespace}-${settings.stack}-${form}`;

      describe(`${settings.stack}, the ${form} form`, () => {
        const manifests = manifestsOf(form, { ...settings, namespace });
        let place: Namespaced;

        before(async () => {
          place = new Namespaced(cluster);
          await place.prepare(manifests);
        });
        after(() => place.remove());

        it("takes every manifest, without an unknown field, without a warning", async () => {
          const known = await place.known(manifests);
          const complaints = await complaintsOf(known, (each) => place.apply(each));
          const skipped = manifests.length - known.length;
          expect(complaints).to.deep.equal([]);
          lines.push(
            `${settings.stack}, ${form}: ${known.length} manifests accepted` +
              (skipped > 0 ? `, ${skipped} skipped for want of their definitions` : ""),
          );
        });

        it("enforces restricted on each namespace, and admits every pod", async () => {
          for (const { kind, metadata } of manifests) {
            if (kind === "Namespace") expect(await place.levelEnforced(metadata?.name ?? "")).to.equal("restricted");
          }
          const pods = manifests.flatMap(podsOf);
          const complaints = await complaintsOf(pods, (each) => cluster.api.tryCreate(each));
          const names = pods.map(({ metadata }) => metadata?.name);
          expect(names).to.include.members(cryptotracker(settings).workloads.map(({ name }) => `${name}-0`));
          expect(complaints).to.deep.equal([]);
          lines.push(`${settings.stack}, ${form}: ${pods.length} pods admitted`);
        });

        it("refuses a pod that restricted forbids, so the level is really enforced", async () => {
          const answers = await Promise.all(
            manifests.flatMap(podsOf).map((pod) => cluster.api.tryCreate(onHostNetwork(pod))),
          );
          expect(answers).not.to.be.empty;
          for (const answer of answers) {
            expect(answer.status).to.equal(403);
            expect(messageOf(answer)).to.match(/violates PodSecurity "restricted/);
          }
        });

        it("refuses a field that the API does not have, so validation is really strict", async () => {
          const first = manifests.find(({ kind }) => kind === "ServiceAccount");
          if (!first) throw new Error("no ServiceAccount");
          const answer = await place.apply(Object.assign({}, first, { nonsense: true }));
          expect(messageOf(answer)).to.match(/nonsense/);
          // Server-side apply finds it before validation does, when it makes a typed patch, and calls that an error of its own.
          expect(answer.status).to.be.within(400, 500);
        });
      });
    }
  }
});

function onHostNetwork(pod: Pod): Applicable {
  // A host's port must be the container's own, which validation would say first.
  const containers = pod.spec?.containers.map((container) => ({ ...container, ports: [] }));
  return { ...pod, spec: { ...pod.spec, containers, hostNetwork: true } } as Applicable;
}

/** What was refused or warned of, a line each. */
async function complaintsOf(objects: readonly Applicable[], send: (object: Applicable) => Promise<Answer>) {
  const complaints: string[] = [];
  for (const object of objects) {
    const answer = await send(object);
    const name = `${object.kind} ${object.metadata?.name ?? ""}`;
    if (answer.status >= 300) complaints.push(`${name}: ${messageOf(answer)}`);
    const warnings = answer.warnings.filter((warning) => !SAID_OF_EVERY.has(warning));
    complaints.push(...warnings.map((warning) => `${name}: warns: ${warning}`));
  }
  return complaints;
}
