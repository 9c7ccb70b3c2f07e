/** ECR: the images that are run, and the disks that stores of our own stand on. */
import { comesFrom } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { imageLifecycles, repositories, volumes } from "./subjects.ts";

export const imageScanned = resourceRule({
  name: "ecr-scan",
  description: "An image is scanned for known holes when it is pushed.",
  controls: ["ECR.1"],
  severity: "high",
  remedy: "Set imageScanningConfiguration.scanOnPush to true.",
  on: repositories,
  *check({ imageScanningConfiguration }) {
    const found = imageScanningConfiguration?.scanOnPush;
    if (!found) yield { at: "imageScanningConfiguration.scanOnPush", found, allowed: "true" };
  },
  mend: () => ({ imageScanningConfiguration: { scanOnPush: true } }),
});

export const imageTags = resourceRule({
  name: "ecr-immutable-tags",
  description: "A tag names one image for ever.",
  controls: ["ECR.2"],
  severity: "medium",
  remedy: "Set imageTagMutability to IMMUTABLE.",
  on: repositories,
  *check({ imageTagMutability: found = "MUTABLE" }) {
    if (!found.startsWith("IMMUTABLE")) yield { at: "imageTagMutability", found, allowed: "IMMUTABLE" };
  },
});

export const imagesTidied = stackRule({
  name: "ecr-lifecycle",
  description: "A repository lets go of images that nobody runs any more.",
  controls: ["ECR.3"],
  severity: "medium",
  remedy: "Add a LifecyclePolicy to the repository.",
  over: [repositories],
  *check(graph, _parameters, tell) {
    const tidied = graph
      .all(imageLifecycles)
      .filter(({ view }) => known(() => view().policy !== undefined, tell) ?? true)
      .flatMap(({ resource }) => comesFrom(resource, "repository", repositories));
    for (const { resource } of graph.all(repositories)) {
      if (!tidied.includes(resource)) {
        yield { at: resource.name, found: "no life cycle", allowed: "a life cycle", on: resource };
      }
    }
  },
});

export const imagesKept = resourceRule({
  name: "ecr-kept",
  description: "A repository that still holds images is not deleted: a rollback needs them.",
  controls: ["ECR.3"],
  severity: "medium",
  remedy: "Leave forceDelete out.",
  on: repositories,
  *check({ forceDelete: found }) {
    if (found) yield { at: "forceDelete", found, allowed: "false" };
  },
  mend: () => ({ forceDelete: false }),
});

export const volumeEncrypted = resourceRule({
  name: "ebs-encrypted",
  description: "A volume is encrypted.",
  controls: ["EC2.3"],
  severity: "medium",
  remedy: "Set encrypted to true, and kmsKeyId.",
  on: volumes,
  *check({ encrypted: found }) {
    if (!found) yield { at: "encrypted", found, allowed: "true" };
  },
});
