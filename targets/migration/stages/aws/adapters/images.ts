/** Images in the account's registry, by ECR. */
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { Images } from "../ports.ts";

/** `123456789012.dkr.ecr.eu-west-1.amazonaws.com/cryptotracker/api:1.2.3`, or with a digest. */
const ECR =
  /^(?<account>\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/(?<repository>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** null for what is in no registry of AWS. */
export function partsOf(reference: string) {
  const { account = "", repository = "", tag, digest } = ECR.exec(reference)?.groups ?? {};
  if (repository === "") return null;
  return { account, repository, id: digest === undefined ? { imageTag: tag ?? "latest" } : { imageDigest: digest } };
}

export function createImages(client: ECRClient): Images {
  return {
    missing: async (references) => {
      const { DescribeImagesCommand, ImageNotFoundException, RepositoryNotFoundException } =
        await import("@aws-sdk/client-ecr");
      const missing: string[] = [];
      for (const reference of references) {
        const parts = partsOf(reference);
        if (!parts) continue;
        const { account, repository, id } = parts;
        try {
          await client.send(
            new DescribeImagesCommand({ registryId: account, repositoryName: repository, imageIds: [id] }),
          );
        } catch (error) {
          if (!(error instanceof ImageNotFoundException || error instanceof RepositoryNotFoundException)) throw error;
          missing.push(reference);
        }
      }
      return missing;
    },
  };
}
