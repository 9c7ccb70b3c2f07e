/** What a workload's pods have come through, after every single change that the server reports. */
import type { Deployed } from "./deployed.ts";
import { isActive } from "./seen-pod.ts";

export class Recording {
  readonly #deployed: Deployed;
  readonly #extremes = new Map<string, { fewestReady: number; mostPods: number }>();
  readonly #end: () => void;

  constructor(deployed: Deployed, workloads: readonly string[]) {
    this.#deployed = deployed;
    for (const each of workloads) this.#extremes.set(each, { fewestReady: Infinity, mostPods: 0 });
    this.#look();
    this.#end = deployed.plane.kubelet.onChange(() => this.#look());
  }

  #look(): void {
    for (const [workload, extremes] of this.#extremes) {
      extremes.fewestReady = Math.min(extremes.fewestReady, this.#deployed.ready(workload).length);
      extremes.mostPods = Math.max(extremes.mostPods, this.#deployed.pods(workload).filter(isActive).length);
    }
  }

  /** @throws Error of a workload that nobody has recorded */
  of(workload: string): { readonly fewestReady: number; readonly mostPods: number } {
    const found = this.#extremes.get(workload);
    if (!found) throw new Error(`${workload} is not recorded`);
    return found;
  }

  stop(): void {
    this.#end();
  }
}
