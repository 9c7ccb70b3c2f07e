/** The reader on forms that are not as they should be: what a cluster would really do with them. */
import { expect } from "chai";
import type { EksUnit } from "../../../targets/eks/forms.ts";
import { read } from "../../../targets/eks/read.ts";
import { dev } from "../../support/stacks.ts";
import { manifestOf, unitOf, without } from "./fixtures.ts";

const sentiment = unitOf("sentiment-processor");
const api = unitOf("api-service");
const inference = unitOf("ml-inference-service");

describe("EKS read", () => {
  it("has no identity without an association", () => {
    const { manifests, securityGroup } = sentiment;
    expect(read({ manifests, securityGroup }, dev).identity).to.deep.equal([]);
  });

  it("has no identity of somebody else's account, or by another trust", () => {
    const { podIdentity } = sentiment;
    if (!podIdentity) throw new Error("no identity");
    const { association, trust } = podIdentity;
    const broken: readonly EksUnit["podIdentity"][] = [
      { ...podIdentity, association: { ...association, serviceAccount: "default" } },
      { ...podIdentity, association: { ...association, namespace: "default" } },
      { ...podIdentity, trust: { ...trust, actions: ["sts:AssumeRole"] } },
      { ...podIdentity, trust: { ...trust, principal: { service: "ecs-tasks.amazonaws.com" } } },
    ];
    for (const each of broken) {
      expect(read({ ...sentiment, ...(each ? { podIdentity: each } : {}) }, dev).identity).to.deep.equal([]);
    }
  });

  it("says whose secret a copy is, and misses one that nobody copies", () => {
    expect(read(api, dev).secrets["DATABASE_URL"]).to.deep.equal({ secret: "database-url", key: "url" });
    expect(read(without(api, "ExternalSecret"), dev).secrets["DATABASE_URL"]).to.deep.equal({
      secret: "missing api-service-database-url",
      key: "url",
    });
    const { manifests, securityGroup } = api;
    expect(read({ manifests, securityGroup }, dev).secrets["DATABASE_URL"]?.secret).to.equal("unreadable database-url");
  });

  it("scales by the plain autoscaler alone where both are: KEDA refuses", () => {
    const both = {
      ...sentiment,
      manifests: [...sentiment.manifests, manifestOf("api-service", "HorizontalPodAutoscaler")],
    };
    expect(read(both, dev).scaling).to.equal(null);
    expect(read(sentiment, dev).scaling?.targets).to.deep.equal({
      cpu: 80,
      memory: 80,
      "lag:posts.clean:sentiment": 1000,
    });
    expect(read(inference, dev).scaling?.targets).to.include({ "depth:ml-requests": 100 });
  });

  it("has no route without a binding to the group", () => {
    expect(read(api, dev).routes).to.deep.equal(["/api/*"]);
    expect(read(without(api, "TargetGroupBinding"), dev).routes).to.deep.equal([]);
  });

  it("reaches what both fences let through", () => {
    expect(read(inference, dev).reaches)
      .to.deep.include({ s3: [443], aws: [443] })
      .and.not.have.property("internet");
    // Without a group of its own only the NetworkPolicy holds, which cannot name S3.
    expect(read(without(inference, "SecurityGroupPolicy"), dev).reaches).to.deep.include({ internet: [443] });
    expect(read({ ...api, securityGroup: { ...api.securityGroup, egress: [] } }, dev).reaches).to.deep.equal({});
    // Without a policy the group alone holds.
    expect(read(without(api, "NetworkPolicy"), dev).accepts).to.deep.equal({ edge: [3001] });
  });

  it("logs to the group that the pod names", () => {
    expect(read(api, dev).logs).to.equal("/ecs/cryptotracker-api");
  });
});
