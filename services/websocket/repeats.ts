/** Says whether a message's id is new in its partition, and remembers it. */
export type RepeatRule = (partition: number, offset: number, id: string) => boolean;

/**
 * An id is a repeat if one of the `window` offsets before it has it too. Since that depends on the topic alone, each
 * replica that has read as many offsets decides alike, wherever it began; and so a position means the same on all.
 */
export function createRepeatRule(window: number): RepeatRule {
  const partitions = new Map<number, Map<string, number>>();
  return (partition, offset, id) => {
    const ids = partitions.get(partition) ?? new Map<string, number>();
    partitions.set(partition, ids);
    // Oldest first, as each id moves to the end whenever it is seen.
    for (const [old, at] of ids) {
      if (at >= offset - window) break;
      ids.delete(old);
    }
    const isNew = !ids.delete(id);
    ids.set(id, offset);
    return isNew;
  };
}
