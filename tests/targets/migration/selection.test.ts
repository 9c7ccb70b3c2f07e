import { expect } from "chai";
import { selectWorkloads } from "../../../targets/migration/selection.ts";
import { planned } from "./fixtures.ts";
import { MODEL } from "./stages/aws/support.ts";

const select = (only: readonly string[], except: readonly string[] = []) => selectWorkloads(MODEL, { only, except });
function codes(only: readonly string[], except: readonly string[] = []): readonly string[] {
  const found = select(only, except);
  return found.ok ? [] : found.problems.map(({ code, path }) => `${code} ${path}`);
}

describe("selectWorkloads", () => {
  it("moves everything when nothing is said, or all is named", () => {
    const all = MODEL.workloads.flatMap(({ kind, name }) => (kind === "job" ? [] : [name]));
    for (const only of [[], all]) {
      expect(select(only)).to.deep.equal({ ok: true, value: { routed: true, workers: null, whole: true } });
    }
  });

  it("parts what meets at a topic", () => {
    expect(select(["preprocessing-service", "alert-service"])).to.deep.equal({
      ok: true,
      value: { routed: false, workers: ["alert-service", "preprocessing-service"], whole: false },
    });
    const left = select([], ["notification-service"]);
    expect(left.ok && left.value).to.include({ routed: true, whole: false });
    expect(left.ok && left.value.workers)
      .to.include("alert-service")
      .and.not.include("notification-service");
  });

  it("refuses to cut a call, with both ends and what would be allowed", () => {
    const cut = select(["api-service", "websocket-service"]);
    expect(cut.ok).to.equal(false);
    const problems = cut.ok ? [] : cut.problems.filter(({ code }) => code === "only-cuts-call");
    expect(problems.map(({ path }) => path)).to.deep.equal([
      "services.api-service.uses.AUTH",
      "services.websocket-service.uses.AUTH",
    ]);
    expect(problems[0]).to.include({
      found: "api-service moves and auth-service stays, but api-service calls auth-service by a name of its own side",
      allowed: "both or neither: --only api-service,auth-service",
    });
    expect(codes([], ["auth-service"])).to.include("only-cuts-call services.api-service.uses.AUTH");
    expect(codes(["sentiment-processor"])).to.deep.equal([
      "only-cuts-call services.sentiment-processor.uses.INFERENCE",
    ]);
  });

  it("cuts nothing by leaving the collector: each side has one", () => {
    expect(codes([], ["telemetry-collector"])).to.deep.equal([]);
  });

  it("refuses routes apart, names that are none, and nothing at all", () => {
    expect(codes(["auth-service"])).to.include("only-parts-routes --only");
    expect(codes(["nobody", "migrations"])).to.deep.equal([
      ...["only-unknown --only", "only-unknown --only", "only-nothing --except"],
    ]);
  });
});

describe("a plan of some workloads", () => {
  const kinds = (selection: { routed: boolean; workers: readonly string[] | null; whole: boolean }) =>
    planned({ selection }).steps.map(({ id }) => id);

  it("shifts nothing where no route moves, and keeps both sides", () => {
    const ids = kinds({ routed: false, workers: ["alert-service"], whole: false });
    expect(ids.join(" ")).to.equal(
      "preflight open gate-baseline deploy smoke workers gate-workers drill gate-drill workers-again gate-workers-again account",
    );
  });

  it("moves no worker where none is named", () => {
    const steps = planned({ selection: { routed: true, workers: [], whole: false } }).steps;
    expect(steps.map(({ kind }) => kind)).to.not.include("workers");
    expect(steps.find(({ id }) => id === "drill")).to.include({ workersTo: null });
  });

  it("pauses after the gate of its share, and nowhere else", () => {
    const steps = planned({ pauseAt: 10 }).steps;
    expect(steps[steps.findIndex(({ id }) => id === "gate-10") + 1]?.id).to.equal("pause-10");
    expect(steps.filter(({ kind }) => kind === "pause")).to.have.length(1);
  });
});
