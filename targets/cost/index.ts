/** Dated prices, and the estimate of a compiled form. Pure: nothing here loads Pulumi. */
export { estimate, PRICED, type Priced } from "./estimate.ts";
export { LEVELS, minus, type Level, type Levels, type Micros, type Monthly } from "./money.ts";
export { KINDS, type Estimate, type Kind, type Part } from "./parts.ts";
export { parseBook, type PriceBook } from "./price-book.ts";
export { readBook } from "./price-file.ts";
export { PRICES } from "./prices.ts";
