/** Figures that an AWS API takes only within a range. */
import { pathOf } from "../../platform/model/paths.ts";
import type { Problem, Workload } from "../../platform/model/types.ts";

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

/** Whose range it is: the problem's code, and what it says the figure is for. */
export interface Owner {
  readonly code: string;
  readonly of: string;
}

/** Nothing where the value is in the range, its ends included. */
export function within(
  workload: Workload,
  field: string,
  value: number,
  { min, max, unit }: Range,
  { code, of }: Owner,
): readonly Problem[] {
  if (value >= min && value <= max) return [];
  return [
    {
      code,
      path: pathOf(workload, field),
      found: `${value} ${unit}`,
      allowed: `${min} to ${max} ${unit} for ${of}`,
    },
  ];
}
