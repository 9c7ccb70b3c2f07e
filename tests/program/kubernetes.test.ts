/** The program on a plain cluster: no AWS at all, each manifest a typed resource, in the order in which they need each other. */
import { expect } from "chai";
import { compileStack } from "../../targets/stack.ts";
import { clusterConfig, CLUSTER_SECRETS } from "./support/cluster-secrets.ts";
import { plain, unmarked } from "./support/marks.ts";
import { madeBefore } from "./support/order.ts";
import { runProgram } from "./support/run.ts";
import { SECRET_MARKER, type Registered, type Run } from "./support/types.ts";

interface Unit {
  readonly manifests: readonly {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
  }[];
}

const HOST = "cryptotracker-data.svc.cluster.local";

for (const stack of ["dev", "prod"]) {
  describe(`the program on a plain cluster, stack ${stack}`, () => {
    let run: Run;
    before(async () => {
      run = await runProgram(stack, { config: { "cryptotracker:target": "kubernetes", ...clusterConfig(stack) } });
    });

    function find(kind: string, name: string): Registered {
      const match = run.resources.find(
        (each) => each.type.endsWith(`:${kind}`) && isKubernetes(each) && each.name === name,
      );
      if (!match) throw new Error(`No ${kind} called ${name}.`);
      return match;
    }

    it("asks nothing of AWS: no resource, no function, no provider", () => {
      expect(run.error).to.equal(undefined);
      const others = run.resources.filter((each) => !isKubernetes(each)).map(({ type }) => type);
      expect(others.filter((type) => !type.startsWith("pulumi:"))).to.deep.equal([]);
      expect(others.filter((type) => type.startsWith("pulumi:providers:"))).to.deep.equal([
        "pulumi:providers:kubernetes",
      ]);
    });

    it("has a resource for every compiled manifest, a Secret for each that pods read, and no other", () => {
      const compiled = compileStack(".", stack, ["kubernetes"]);
      if (!compiled.ok) throw new Error(`${stack} does not compile`);
      const [form] = compiled.value.forms;
      const wanted = [...Object.values(form?.units ?? {}), form?.shared]
        .flatMap((unit) => (unit as Unit).manifests)
        .map(
          ({ kind, metadata }) =>
            `${kind}/${metadata.namespace === "cryptotracker-data" ? "data-" : ""}${metadata.name}`,
        );
      const made = run.resources
        .filter(isKubernetes)
        .map(({ type, name }) => `${type.split(":").at(-1) ?? ""}/${name}`);
      expect(made.filter((each) => !each.startsWith("Secret/"))).to.have.members(wanted);
      expect(made.filter((each) => each.startsWith("Secret/"))).to.have.members(
        [
          "database-url",
          "redis-url",
          "jwt-signing",
          "smtp",
          "vapid",
          "objects-credentials",
          "queues-credentials",
          "data-database-credentials",
          "data-redis-credentials",
          "data-objects-credentials",
        ].map((name) => `Secret/${name}`),
      );
    });

    it("keeps the seed's figures", () => {
      const text = JSON.stringify(find("Deployment", "api-service").inputs["spec"]);
      expect(text).to.contain('"requests":{"cpu":"1","ephemeral-storage":"1Gi","memory":"2Gi"}');
      expect(text).to.contain('"containerPort":3001');
    });

    it("fills every placeholder with an address inside the cluster", () => {
      const text = JSON.stringify(run.resources);
      expect(text.match(/\$\{[^}]*\}/g)).to.equal(null);
      const env = environment(find("Deployment", "ml-inference-service"));
      expect(env).to.include({
        MODELS_BUCKET: "cryptotracker_models",
        ML_REQUESTS_QUEUE_URL: `http://queues.${HOST}:9324/000000000000/ml-requests`,
        AWS_ENDPOINT_URL_S3: `http://objects.${HOST}:7070`,
        AWS_ENDPOINT_URL_SQS: `http://queues.${HOST}:9324`,
      });
      expect(environment(find("Deployment", "websocket-service"))).to.include({
        KAFKA_BROKERS: `kafka.${HOST}:9098`,
        KAFKA_SECURITY: "plaintext",
      });
    });

    it("makes Secrets of the configuration, marked secret from their first to their last step", () => {
      const data = (name: string) => unmarked(find("Secret", name).inputs["stringData"]);
      const encoded = encodeURIComponent(CLUSTER_SECRETS["database"] ?? "");
      expect(data("database-url")).to.deep.equal({
        url: `postgres://cryptotracker:${encoded}@database.${HOST}:5432/cryptotracker`,
      });
      expect(data("data-database-credentials")).to.deep.equal({ password: CLUSTER_SECRETS["database"] });
      expect(data("smtp")).to.deep.equal({ url: CLUSTER_SECRETS["smtp"] });
      expect(JSON.stringify(run.resources)).to.contain(SECRET_MARKER);
      expect(JSON.stringify(plain([run.resources, run.outputs]))).not.to.contain(SECRET_MARKER);
    });

    it("goes namespaces, fences and Secrets, stores, topics, migrations, workloads", () => {
      const order = [
        find("Namespace", "cryptotracker-data"),
        find("Secret", "data-database-credentials"),
        find("StatefulSet", "data-kafka"),
        find("Job", "data-kafka-topics"),
        find("Job", "migrations"),
        find("Deployment", "api-service"),
      ];
      for (const [index, later] of order.entries()) {
        const earlier = order.slice(0, index).map(({ urn }) => urn);
        expect([...madeBefore(run, later)], later.name).to.include.members(earlier);
      }
      const started = [...order.slice(2), find("Deployment", "web")];
      for (const each of started) {
        expect([...madeBefore(run, each)], each.name).to.include.members([
          find("NetworkPolicy", "default-deny").urn,
          find("NetworkPolicy", "data-default-deny").urn,
        ]);
      }
      expect(annotations(find("Job", "migrations"))).to.include({ "pulumi.com/replaceUnready": "true" });
    });

    it("starts whoever reads a Secret anew when it has changed, and nobody else", () => {
      const version = ({ inputs }: Registered): unknown =>
        (inputs["spec"] as { template: { metadata: { annotations?: Record<string, string> } } }).template.metadata
          .annotations?.["cryptotracker.internal/secrets-version"];
      expect(version(find("Deployment", "api-service"))).to.equal("7-7");
      expect(version(find("StatefulSet", "data-redis"))).to.equal("7");
      expect(version(find("StatefulSet", "data-kafka"))).to.equal(undefined);
      expect(version(find("Deployment", "websocket-service"))).to.equal(undefined);
    });

    it("protects what holds data: the stores, and the namespace without which their disks would go", () => {
      const kept = run.resources.filter(({ protect }) => protect).map(({ name }) => name);
      expect(kept).to.have.members([
        "cryptotracker-data",
        "data-database",
        "data-kafka",
        "data-objects",
        "data-queues",
        "data-redis",
      ]);
    });

    it("waits for pods, not for Services and Ingresses, which wait for pods themselves", () => {
      for (const kind of ["Service", "Ingress"]) {
        expect(annotations(find(kind, "api-service"))).to.include({ "pulumi.com/skipAwait": "true" });
      }
      expect(annotations(find("Deployment", "api-service"))).not.to.have.property("pulumi.com/skipAwait");
      expect(annotations(find("StatefulSet", "data-database"))).not.to.have.property("pulumi.com/skipAwait");
    });

    it("tells where users reach it, and nothing that only AWS has", () => {
      const { url, streamUrl, sites, attach, routes } = run.outputs;
      expect(url).to.equal(stack === "prod" ? "https://tracker.example.org" : undefined);
      expect([streamUrl, sites, attach]).to.deep.equal([undefined, undefined, undefined]);
      expect(routes).to.deep.equal([]);
    });
  });
}

function isKubernetes({ type }: Registered): boolean {
  return type.startsWith("kubernetes:");
}

function annotations({ inputs }: Registered): Readonly<Record<string, string>> {
  return (inputs["metadata"] as { annotations?: Record<string, string> }).annotations ?? {};
}

/** Plain variables of a Deployment's only container. */
function environment({ inputs }: Registered): Readonly<Record<string, unknown>> {
  const { template } = inputs["spec"] as {
    template: { spec: { containers: readonly { env: readonly { name: string; value?: string }[] }[] } };
  };
  return Object.fromEntries((template.spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value]));
}
