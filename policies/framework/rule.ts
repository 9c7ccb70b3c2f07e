/**
 * What a rule is. A rule is data and one generator: it says what it is about, and yields what it finds wrong. Everything
 * else (unknown values, configuration, exemptions, messages, enforcement, remediation) happens around it, alike for all.
 */
import { z } from "zod";
import type { Finding } from "./finding.ts";
import type { Resource, Subject } from "./given.ts";
import type { Graph } from "./graph.ts";
import { judged, type Judgement } from "./judgement.ts";

/** How much harm a violation may do; how hard it is enforced follows from it (enforcement.ts). */
export type Severity = "low" | "medium" | "high" | "critical";

interface Described {
  /** Unique, and the key of its configuration. */
  readonly name: string;
  /** What holds when the rule is kept, as a sentence. */
  readonly description: string;
  /** Ids of the controls that it answers: `ECS.4`, `PSS restricted`. */
  readonly controls: readonly string[];
  readonly severity: Severity;
  /** What to do about it, as an order: "Set networkMode to awsvpc." */
  readonly remedy: string;
}

/** What a rule takes from its configuration; each field with a default or optional. */
export type Parameters = z.ZodObject;

interface Kept extends Described {
  readonly parameters: Parameters;
}

export interface ResourceRule<Props = unknown> extends Kept {
  readonly scope: "resource";
  readonly types: readonly string[];
  readonly judge: (resource: Resource, parameters: unknown) => Judgement;
  /** The properties that mend it, each as it should have been; undefined where nothing can be mended safely. */
  readonly mend: ((props: object) => object) | undefined;
  /** Keeps the type of the properties for the rule's fixture; never there. */
  readonly shape?: Props;
}

export interface StackRule extends Kept {
  readonly scope: "stack";
  /** A stack that has none of them is none of its business. */
  readonly types: readonly string[];
  readonly judge: (graph: Graph, parameters: unknown) => Judgement;
}

export type Rule = ResourceRule | StackRule;

interface ResourceDefinition<Props, View, P extends Parameters> extends Described {
  readonly on: Subject<Props, View>;
  readonly parameters?: P;
  readonly check: (view: View, parameters: z.infer<P>, resource: Resource) => Iterable<Finding>;
  /** Only what breaks nothing that works: a property that AWS may change under a running resource. */
  readonly mend?: (props: Props) => Partial<Props>;
}

const NONE = z.strictObject({});

/** A rule over each resource of some types, before it is created or changed. */
export function resourceRule<Props extends object, View, P extends Parameters = typeof NONE>(
  definition: ResourceDefinition<Props, View, P>,
): ResourceRule<Props> {
  const { on, parameters, check, mend, ...described } = definition;
  return {
    ...described,
    scope: "resource",
    types: on.types,
    parameters: parameters ?? NONE,
    // `types` vouches for the shape of the properties, and the schema for that of the parameters.
    judge: (resource, given) =>
      judged(() => check(on.view(resource.props as Props), given as z.infer<P>, resource), [resource]),
    mend: mend && ((props) => mend(props as Props)),
  };
}

interface StackDefinition<P extends Parameters> extends Described {
  /** What it judges, for the report to say how many there were. */
  readonly over: readonly { readonly types: readonly string[] }[];
  readonly parameters?: P;
  /** Unknown values that it steps over itself go to `undecided`. */
  readonly check: (graph: Graph, parameters: z.infer<P>, undecided: (what: string) => void) => Iterable<Finding>;
}

/** A rule over the whole graph. */
export function stackRule<P extends Parameters = typeof NONE>(definition: StackDefinition<P>): StackRule {
  const { over, parameters, check, ...described } = definition;
  const types = new Set(over.flatMap((subject) => subject.types));
  return {
    ...described,
    scope: "stack",
    types: [...types],
    parameters: parameters ?? NONE,
    judge: (graph, given) =>
      judged((undecided) => {
        const concerned = graph.resources.some(({ type }) => types.has(type));
        return concerned ? check(graph, given as z.infer<P>, undecided) : [];
      }, graph.resources),
  };
}
