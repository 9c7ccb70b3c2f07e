/** What the deploying files of ECS hand on to each other. */
import type { AwsContext } from "../aws/deploy-context.ts";
import type { EcsShared, EcsUnit } from "./forms.ts";

export type Units = Readonly<Record<string, EcsUnit>>;
export type EcsContext = AwsContext<EcsUnit, EcsShared>;
