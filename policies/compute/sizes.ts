/** Sizes as ECS takes them: `1024` or `1 vCPU`, `2048` or `2 GB`. */

/** CPU units; NaN for what ECS would not understand, 0 for nothing. @source ECS developer guide, "Task size", 2026-11 */
export function cpuUnits(text: string | undefined): number {
  if (text === undefined) return 0;
  const [, vcpu] = /^([\d.]+) ?vCPU$/i.exec(text.trim()) ?? [];
  return vcpu === undefined ? Number(text) : Number(vcpu) * 1024;
}

/** MiB; NaN for what ECS would not understand, 0 for nothing. */
export function memoryMiB(text: string | undefined): number {
  if (text === undefined) return 0;
  const [, gigabytes] = /^([\d.]+) ?GB$/i.exec(text.trim()) ?? [];
  return gigabytes === undefined ? Number(text) : Number(gigabytes) * 1024;
}
