/** What the command and the process that it starts say to each other. */

export type Asked =
  | {
      readonly kind: "check";
      readonly stack: string;
      readonly target: string;
      readonly config: unknown;
      readonly today: string;
    }
  | { readonly kind: "config"; readonly stack: string }
  | { readonly kind: "catalogue" };

/** A refusal is a sentence. `foreign`: of a target that the stack is not for, and need not be. */
export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly because: string; readonly foreign?: boolean };
