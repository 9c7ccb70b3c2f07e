/** MSK's access control by IAM: a signed URL in the place of an OAuth token. */

/** A token for Kafka in a region; asked for on each connection, and again before the broker's session ends. */
export type SignToken = (region: string) => Promise<string>;

/**
 * Signs with the credentials of the task or pod, good for 15 minutes.
 * @throws Error when there are no credentials
 */
export async function iamToken(region: string): Promise<string> {
  // Only here: it brings the AWS SDK along, which a plaintext or TLS client has no use for.
  const { generateAuthToken } = await import("aws-msk-iam-sasl-signer-js");
  const { token } = await generateAuthToken({ region });
  return token;
}

/** `b-1.name.ab12cd.c3.kafka.eu-west-1.amazonaws.com:9098` → `eu-west-1`; undefined where no broker's name has one. */
export function regionOf(brokers: readonly string[]): string | undefined {
  for (const broker of brokers) {
    const region = /\.kafka(?:-serverless)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com/.exec(broker)?.[1];
    if (region !== undefined) return region;
  }
  return undefined;
}
