/** What a rule may count on when it reads a resource: nothing has to be there, and what is there has the SDK's type. */
import type * as pulumi from "@pulumi/pulumi";

type Leaf = string | number | boolean | null | undefined;

/** Readonly to the bottom and everything optional: the API's schema, without a promise that anybody filled it in. */
export type Given<T> = T extends Leaf
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Given<Item>[]
    : { readonly [Key in keyof T]?: Given<T[Key]> };

/** The SDK's arguments as a policy gets them: outputs resolved. */
export type Plain<Args> = Given<pulumi.Unwrap<Args>>;

/** A resource of the graph. `props` throw when an unknown value is read, which the framework turns into "undecided". */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: object;
  readonly protect: boolean;
  /** Property → the resources that its value comes from; known in a preview too, where the value is not. */
  readonly from: Readonly<Record<string, readonly Resource[]>>;
}

/** Which resources a rule is about, and how it likes to read them. `Props` are what its fixtures are written in. */
export interface Subject<Props, View = Props> {
  readonly types: readonly string[];
  readonly view: (props: Props) => View;
}

/** All resources of one type, read as they are: `ofType<aws.ecs.ServiceArgs>("aws:ecs/service:Service")`. */
export function ofType<Args>(type: string): Subject<Plain<Args>> {
  return { types: [type], view: (props) => props };
}

/** The same resources, read in another way. */
export function seen<Props, View>(subject: Subject<Props>, view: (props: Props) => View): Subject<Props, View> {
  return { types: subject.types, view };
}
