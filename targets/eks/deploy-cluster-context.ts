/** What the files that make the cluster share. */
import type { Foundation } from "../../platform/foundation/index.ts";
import type { EksShared } from "./forms.ts";

export interface ClusterContext {
  readonly foundation: Foundation;
  readonly shared: EksShared;
  /** Known before anything is made: groups of logs and roles' trust name it. */
  readonly clusterName: string;
  readonly tags: (service: string) => Record<string, string>;
}

export function clusterContext(shared: EksShared, foundation: Foundation): ClusterContext {
  const { project, stack } = foundation.settings;
  return {
    foundation,
    shared,
    clusterName: `${project}-${stack}`,
    tags: (service) => ({ project, service, stack }),
  };
}
