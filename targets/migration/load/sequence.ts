/** What one subscriber saw of one product: trade ids are contiguous, so a jump is a gap and a repetition a double. */
export interface SequenceState {
  /** Null before the first update. */
  readonly first: number | null;
  readonly last: number | null;
  readonly seen: number;
  readonly missing: number;
  readonly doubled: number;
  /** The first few missing or doubled ids. */
  readonly examples: readonly number[];
}

export interface Sequence {
  record(id: number): void;
  state(): SequenceState;
}

const EXAMPLES = 5;

export function createSequence(): Sequence {
  /** Missing ids as ranges, both ends included: a jump may be long. */
  let gaps: { from: number; to: number }[] = [];
  const doubles: number[] = [];
  let first: number | null = null;
  let last: number | null = null;
  let seen = 0;
  let doubled = 0;

  const fill = (id: number): boolean => {
    const gap = gaps.find(({ from, to }) => from <= id && id <= to);
    if (!gap) return false;
    const rest = [
      { from: gap.from, to: id - 1 },
      { from: id + 1, to: gap.to },
    ].filter(({ from, to }) => from <= to);
    gaps = gaps.flatMap((other) => (other === gap ? rest : [other]));
    return true;
  };

  return {
    record(id) {
      if (first === null || last === null) {
        first = id;
        last = id;
        seen += 1;
      } else if (id > last) {
        if (id > last + 1) gaps.push({ from: last + 1, to: id - 1 });
        last = id;
        seen += 1;
      } else if (fill(id)) {
        seen += 1;
      } else if (id >= first) {
        doubled += 1;
        if (doubles.length < EXAMPLES) doubles.push(id);
      }
    },
    state: () => ({
      ...{ first, last, seen, doubled },
      missing: gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0),
      examples: [...gaps.map(({ from }) => from), ...doubles].slice(0, EXAMPLES),
    }),
  };
}
