/** Lengths in characters, as the service has them; it says the rest, such as what is too easy to guess. */
export const PASSWORD = { shortest: 15, longest: 128 } as const;
