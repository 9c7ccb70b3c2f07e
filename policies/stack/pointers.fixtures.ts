import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./pointers.ts";

const metadata = { name: "api", namespace: "platform" };
const API = { app: "api" };
const WEB = { app: "web" };

const DEPLOYMENT: Made = {
  type: "kubernetes:apps/v1:Deployment",
  name: "workload",
  props: { metadata, spec: { template: { metadata: { labels: API }, spec: { containers: [{ name: "api" }] } } } },
};
const SERVICE: Made = {
  type: "kubernetes:core/v1:Service",
  name: "service",
  props: { metadata, spec: { selector: API } },
};
const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject";

const selecting = (labels: object): readonly Made[] => [
  DEPLOYMENT,
  { ...SERVICE, props: { metadata, spec: { selector: labels } } },
];
const guarding = (labels: object): readonly Made[] => [
  DEPLOYMENT,
  {
    type: "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy",
    name: "guard",
    props: { metadata, spec: { podSelector: { matchLabels: labels } } },
  },
];
const scaling = (name: string, type: string, of: string): Made => ({
  type,
  name,
  props: { metadata: { ...metadata, name }, spec: { scaleTargetRef: { kind: "Deployment", name: of } } },
});
const bound = (name: string): readonly Made[] => [
  SERVICE,
  {
    type: "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding",
    name: "binding",
    props: { metadata, spec: { serviceRef: { name } } },
  },
];

export const fixtures: FixturesOf<typeof rules> = {
  serviceSelects: {
    compliant: selecting(API),
    violating: [{ given: selecting(WEB), found: "service.selector: found no pod with app=web" }],
    decides: "service.spec.selector",
    absent: "kept",
  },
  podGroupSelects: {
    compliant: guarding(API),
    violating: [{ given: guarding(WEB), found: "guard.selector: found no pod with app=web" }],
    decides: "guard.spec.podSelector",
    absent: "kept",
  },
  autoscalerTarget: {
    compliant: [DEPLOYMENT, scaling("hpa", HPA, "api")],
    violating: [
      { given: [DEPLOYMENT, scaling("hpa", HPA, "web")], found: "hpa: found platform/web, which there is not" },
      { given: [DEPLOYMENT, scaling("keda", SCALED, "web")], found: "keda: found platform/web, which there is not" },
    ],
    decides: "hpa.spec.scaleTargetRef.name",
    absent: "broken",
  },
  autoscalerOnce: {
    compliant: [scaling("hpa", HPA, "api"), scaling("keda", SCALED, "worker")],
    violating: [
      {
        given: [scaling("hpa", HPA, "api"), scaling("keda", SCALED, "api")],
        found: "keda: found platform/api, as hpa",
      },
    ],
    decides: "hpa.spec.scaleTargetRef.name",
    absent: "kept",
  },
  bindingService: {
    compliant: bound("api"),
    violating: [{ given: bound("web"), found: "binding: found platform/web, which there is not" }],
    decides: "binding.spec.serviceRef.name",
    absent: "broken",
  },
};
