/** Where a problem is: dotted, from the root of the model. */

/** `services.api-service.compute.memory`. */
export function pathOf(workload: { readonly name: string }, ...rest: readonly string[]): string {
  return ["services", workload.name, ...rest].join(".");
}
