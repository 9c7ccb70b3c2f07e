/** The path of a line through values, within a box; what is drawn is the shape alone. */
export function linePath(values: readonly number[], width: number, height: number): string {
  if (values.length < 2) return "";
  const least = Math.min(...values);
  const range = Math.max(...values) - least;
  const step = width / (values.length - 1);
  return values
    .map((value, index) => {
      // A line that never moved lies in the middle.
      const y = range === 0 ? height / 2 : height - ((value - least) / range) * height;
      return `${index === 0 ? "M" : "L"}${round(index * step)} ${round(y)}`;
    })
    .join("");
}

const round = (value: number): number => Math.round(value * 10) / 10;
