/**
 * Exact confidence bounds for an error rate (Clopper and Pearson, 1934). With few samples a bare ratio says too much:
 * one failure in 40 requests is 2.5 %, and may come from a side that fails once in a thousand or once in ten.
 */

/** Logarithm of the gamma function. @source Lanczos' approximation, g = 7, n = 9: 15 digits for x > 0 */
function logGamma(x: number): number {
  const [first, ...rest] = [
    0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
    12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ] as const;
  const t = x + 6.5;
  const sum = rest.reduce<number>((total, coefficient, index) => total + coefficient / (x + index), first);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Lentz's continued fraction of the incomplete beta function. @source Numerical Recipes, 3rd ed., 6.4 */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return result;
}

/** Regularised incomplete beta function I_x(a, b), 0–1. */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

/** Chance of `failures` or more among `samples` when each fails with chance `rate`. */
export function chanceOfAtLeast(failures: number, samples: number, rate: number): number {
  if (failures <= 0) return 1;
  if (failures > samples) return 0;
  return incompleteBeta(failures, samples - failures + 1, rate);
}

/** The rate at which an increasing function crosses `level`. */
function crossing(increasing: (rate: number) => number, level: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (increasing(middle) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The lowest rate that is plausible: with this confidence (0–1) the true one is not under it. 0 without samples. */
export function rateAtLeast(failures: number, samples: number, confidence: number): number {
  if (samples <= 0 || failures <= 0) return 0;
  return crossing((rate) => chanceOfAtLeast(failures, samples, rate), 1 - confidence);
}

/** The highest rate that is plausible: with this confidence (0–1) the true one is not over it. 1 without samples. */
export function rateAtMost(failures: number, samples: number, confidence: number): number {
  if (samples <= 0 || failures >= samples) return 1;
  return crossing((rate) => chanceOfAtLeast(failures + 1, samples, rate), confidence);
}

/** How many samples, all of them good, make `rateAtMost` fall to `rate`. */
export function samplesToClear(rate: number, confidence: number): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log1p(-rate));
}
