/** What another stack's last run left behind, or this one's: its outputs, known before anything is registered. */
import * as pulumi from "@pulumi/pulumi";

/** Of one project, by name: on the file backend too, where the organisation is called so. */
export async function readOutputs<Name extends string>(
  stack: string,
  { project }: { readonly project: string },
  names: readonly Name[],
): Promise<Readonly<Record<Name, unknown>>> {
  const reference = new pulumi.StackReference(stack, { name: `${pulumi.getOrganization()}/${project}/${stack}` });
  const read = await Promise.all(
    names.map(async (name): Promise<[Name, unknown]> => [name, (await reference.getOutputDetails(name)).value]),
  );
  return Object.fromEntries(read) as Record<Name, unknown>;
}
