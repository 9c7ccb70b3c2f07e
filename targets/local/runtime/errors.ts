/** A side or one of its workloads that does not run as it should; the message says which, and how it ended. */
export class SideError extends Error {
  override readonly name = "SideError";
  readonly workload: string;
  /** The message without the workload's name. */
  readonly problem: string;

  constructor(workload: string, problem: string, options?: ErrorOptions) {
    super(`${workload}: ${problem}`, options);
    this.workload = workload;
    this.problem = problem;
  }
}
