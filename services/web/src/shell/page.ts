import type { TemplateResult } from "lit-html";

/** One page: what it shows, and what it does when someone comes or goes. */
export interface Page {
  title(): string;
  view(): TemplateResult;
  enter?(): void;
  leave?(): void;
}
