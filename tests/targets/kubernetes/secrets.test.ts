/** Which Secrets a plain cluster needs, what they refer to, and that no value is ever in a form. */
import { expect } from "chai";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import { compile } from "../../../targets/kubernetes/compile.ts";
import type { PodSpec } from "../../../targets/kubernetes/forms.ts";
import { missingSecrets, requiredSecrets, secretForms } from "../../../targets/kubernetes/secrets.ts";
import { dev, devModel, valueOf } from "../../support/stacks.ts";

const forms = secretForms(devModel, dev);

/** `namespace/name key` of every reference in a pod of the whole form. */
function referenced(): ReadonlySet<string> {
  const { shared, units } = valueOf(compile(devModel, dev));
  const manifests = [...shared.manifests, ...Object.values(units).flatMap((unit) => unit.manifests)];
  const keys = manifests.flatMap((manifest) => {
    const template =
      manifest.kind === "CronJob"
        ? manifest.spec?.jobTemplate.spec?.template
        : manifest.kind === "Deployment" || manifest.kind === "Job" || manifest.kind === "StatefulSet"
          ? manifest.spec?.template
          : undefined;
    return envOf(template?.spec).map(({ name = "", key }) => `${manifest.metadata?.namespace ?? ""}/${name} ${key}`);
  });
  return new Set(keys);
}

function envOf(pod: PodSpec | undefined) {
  return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].flatMap(({ env = [] }) =>
    env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
  );
}

describe("secrets of a plain cluster", () => {
  it("are exactly those that a pod reads, key by key", () => {
    const made = forms.flatMap(({ name, namespace, data }) =>
      Object.keys(data).map((key) => `${namespace}/${name} ${key}`),
    );
    expect(made).to.have.members([...referenced()]);
  });

  it("are asked for by name: a password a store, the catalogue's own, the key to the buckets", () => {
    expect(requiredSecrets(devModel)).to.deep.equal(["database", "jwt-signing", "objects", "redis", "smtp", "vapid"]);
    expect(requiredSecrets(cryptotracker({ ...dev, ml: false }))).to.deep.equal([
      "database",
      "jwt-signing",
      "redis",
      "smtp",
      "vapid",
    ]);
    expect(requiredSecrets(cryptotracker({ ...dev, ml: false, push: false }))).not.to.include("vapid");
  });

  it("are reported when they are missing, all of them, each with the command that sets it", () => {
    expect(missingSecrets(devModel, { ...dev, secrets: ["jwt-signing", "redis", "smtp", "vapid"] })).to.deep.equal([
      {
        code: "secret-missing",
        path: "settings.secrets.database",
        found: "nothing",
        allowed: "pulumi config set --stack dev --secret --path cryptotracker:secrets.database",
      },
      {
        code: "secret-missing",
        path: "settings.secrets.objects",
        found: "nothing",
        allowed: "pulumi config set --stack dev --secret --path cryptotracker:secrets.objects",
      },
    ]);
  });

  it("give a client the whole address and its store the password alone", () => {
    const data = (namespace: string, name: string) =>
      forms.find((each) => each.namespace === namespace && each.name === name)?.data;
    const host = (store: string) => `${store}.cryptotracker-data.svc.cluster.local`;
    expect(data("cryptotracker", "database-url")).to.deep.equal({
      url: `postgres://cryptotracker:\${secret.database.encoded}@${host("database")}:5432/cryptotracker`,
    });
    expect(data("cryptotracker", "redis-url")).to.deep.equal({
      url: `redis://:\${secret.redis.encoded}@${host("redis")}:6379`,
    });
    expect(data("cryptotracker-data", "database-credentials")).to.deep.equal({ password: "${secret.database.value}" });
    expect(data("cryptotracker-data", "database-url")).to.equal(undefined);
  });
});
