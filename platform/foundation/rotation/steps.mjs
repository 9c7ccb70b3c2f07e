import { setTimeout } from "node:timers/promises";

/**
 * The four steps in which Secrets Manager rotates a secret, each of which may be called again after it failed.
 * @source Secrets Manager user guide, "Lambda rotation functions", 2026-11
 *
 * `secrets`: stages(id) → {version: [stage]}, find(id, stage, version?) → fields or undefined,
 * put(id, fields, version?, stage?), promote(id, to, from). `kind`: next(current) → fields, set(pending, current),
 * test(pending), finished?(pending).
 */
export async function rotate({ SecretId: id, ClientRequestToken: token, Step: step }, { secrets, kind }) {
  const stages = await secrets.stages(id);
  const own = stages[token];
  if (!own) throw new Error(`${token} is no version of this secret.`);
  if (own.includes("AWSCURRENT")) return;
  const current = await secrets.find(id, "AWSCURRENT");
  if (!current) throw new Error("The secret has no current value.");
  const pending = await secrets.find(id, "AWSPENDING", token);
  if (step === "createSecret") {
    if (!pending) await secrets.put(id, await kind.next(current), token, "AWSPENDING");
    return;
  }
  // Where rotation is only being set up, Secrets Manager runs this step alone, to see that the function reaches the store.
  if (step === "testSecret") return kind.test(pending ?? current);
  if (!pending) throw new Error(`${token} has no pending value.`);
  if (step === "setSecret") return kind.set(pending, current);
  if (step !== "finishSecret") throw new Error(`${step} is no step of a rotation.`);
  await kind.finished?.(pending);
  const [from] = Object.entries(stages).find(([, labels]) => labels.includes("AWSCURRENT")) ?? [];
  await secrets.promote(id, token, from);
}

/** Tries again until it works or the time is up; what it said last is thrown. */
export async function eventually(work, { milliseconds, pause }) {
  const end = Date.now() + milliseconds;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() + pause > end) throw error;
      await setTimeout(pause);
    }
  }
}
