/** What the stack rules are about: things that are of use only together. */
import type * as aws from "@pulumi/aws";
import type { Subject } from "../framework/given.ts";
import { ofType } from "../framework/given.ts";

export const scalingPolicies = ofType<aws.appautoscaling.PolicyArgs>("aws:appautoscaling/policy:Policy");

interface Named {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/** What a scaler of KEDA's points at. */
interface ScaledObject extends Named {
  readonly spec?: { readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string } };
}

/** What joins a Service and an ALB's target group. */
interface TargetGroupBinding extends Named {
  readonly spec?: { readonly serviceRef?: { readonly name?: string } };
}

/** Which pods get which security group. */
interface SecurityGroupPolicy extends Named {
  readonly spec?: { readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> } };
}

function kind<Props>(type: string): Subject<Props> {
  return { types: [type], view: (props) => props };
}

export const scaledObjects = kind<ScaledObject>("kubernetes:keda.sh/v1alpha1:ScaledObject");
export const bindings = kind<TargetGroupBinding>("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding");
export const podGroups = kind<SecurityGroupPolicy>("kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy");
