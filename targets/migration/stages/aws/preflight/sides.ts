/** The two sides that AWS has room for. */
export const AWS_SIDES = ["ecs", "eks"] as const;
export type SideName = (typeof AWS_SIDES)[number];

export const migrationSides = (names: readonly string[]): readonly SideName[] =>
  AWS_SIDES.filter((side) => names.includes(side));
