const TIMEOUT_MS = 5_000;

/** @returns the answer's text @throws when there is none in time, or the exchange does not give it */
export async function textOf(get: typeof fetch, url: string, what: string): Promise<string> {
  const response = await get(url, {
    headers: { accept: "application/json", "user-agent": "cryptotracker-data-ingestion" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.ok) return response.text();
  await response.body?.cancel();
  throw new Error(`the exchange answered ${response.status} for ${what}`);
}
