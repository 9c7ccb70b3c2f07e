/** One ECR repository a build: a tag never moves, every push is scanned, old images go. On demand, the images too. */
import * as aws from "@pulumi/aws";
import * as dockerBuild from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { buildsOf } from "../images.ts";
import type { Context } from "./context.ts";

/** By the folder under services/. */
export type Repositories = Readonly<Record<string, aws.ecr.Repository>>;
/** `<repository>@sha256:…` by the folder under services/. */
export type BuiltImages = Readonly<Record<string, pulumi.Output<string>>>;

const KEPT_IMAGES = 50;

export function createRepositories({ model, tags }: Context): Repositories {
  return Object.fromEntries(
    buildsOf(model).map((build) => {
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

/** One Dockerfile for all, relative to where the program runs. */
const DOCKERFILE = "services/Dockerfile";

/** An image a repository, pushed without a tag: its digest is its name, so an immutable tag is never in the way. */
export function buildImages(context: Context, repositories: Repositories): BuiltImages {
  return Object.fromEntries(
    Object.entries(repositories).map(([build, repository]) => {
      const image = new dockerBuild.Image(build, {
        context: { location: "." },
        dockerfile: { location: DOCKERFILE },
        buildArgs: { SERVICE: build },
        platforms: [platformOf(build, context)],
        // Pushed by the export below, and only there.
        push: false,
        exports: [
          { image: { names: [repository.repositoryUrl], push: true, pushByDigest: true, ociMediaTypes: true } },
        ],
        registries: [registryOf(repository)],
        // A preview builds nothing and asks no Docker engine.
        buildOnPreview: false,
      });
      return [build, pulumi.interpolate`${repository.repositoryUrl}@${image.digest}`];
    }),
  );
}

function platformOf(build: string, { model }: Context): dockerBuild.Platform {
  const workload = model.workloads.find(({ image }) => "build" in image && image.build === build);
  return workload?.compute.architecture === "arm64"
    ? dockerBuild.Platform.Linux_arm64
    : dockerBuild.Platform.Linux_amd64;
}

/** A password for twelve hours, asked for anew by each run and secret in its state. */
function registryOf(repository: aws.ecr.Repository) {
  const { userName, password, proxyEndpoint } = aws.ecr.getAuthorizationTokenOutput({
    registryId: repository.registryId,
  });
  return { address: proxyEndpoint, username: userName, password: pulumi.secret(password) };
}
