/** One ECR repository a build: a tag never moves, every push is scanned, old images go. */
import * as aws from "@pulumi/aws";
import type { Context } from "./context.ts";

/** By the folder under services/. */
export type Repositories = Readonly<Record<string, aws.ecr.Repository>>;

const KEPT_IMAGES = 50;

export function createRepositories({ model, tags }: Context): Repositories {
  const builds = [...new Set(model.workloads.map(({ image }) => image.build))].sort();
  return Object.fromEntries(
    builds.map((build) => {
      const repository = new aws.ecr.Repository(
        build,
        {
          name: `${model.project}/${build}`,
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
          encryptionConfigurations: [{ encryptionType: "KMS" }],
          tags: tags(build),
        },
        { protect: true },
      );
      new aws.ecr.LifecyclePolicy(build, {
        repository: repository.name,
        policy: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: `the last ${KEPT_IMAGES}`,
              selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: KEPT_IMAGES },
              action: { type: "expire" },
            },
          ],
        }),
      });
      return [build, repository];
    }),
  );
}
