/** What the deploying files of EKS hand on to each other. */
import type { AwsContext } from "../aws/deploy-context.ts";
import type { EksShared, EksUnit } from "./forms.ts";

export type EksContext = AwsContext<EksUnit, EksShared>;
