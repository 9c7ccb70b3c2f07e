/** Kubernetes quantities → numbers. @source Kubernetes API reference, "Quantity" */

const SUFFIX: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** `500m` → 0.5, `2Gi` → 2147483648. Undefined for what is none: the API server would refuse it. */
export function quantity(text: string | number | undefined): number | undefined {
  const [, number, suffix = ""] = /^([+-]?[0-9.]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(String(text ?? "")) ?? [];
  const factor = SUFFIX[suffix];
  const amount = Number(number);
  return number === undefined || factor === undefined || Number.isNaN(amount) ? undefined : amount * factor;
}

export function gibibytes(text: string | number | undefined): number | undefined {
  const bytes = quantity(text);
  return bytes === undefined ? undefined : bytes / 2 ** 30;
}
