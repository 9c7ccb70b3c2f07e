/** The AWS side of a rotation: Secrets Manager as `steps.mjs` wants it. The SDK is the Lambda runtime's own. */
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";

export function secretsManager(client = new SecretsManagerClient({})) {
  return {
    async stages(id) {
      const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: id }));
      return VersionIdsToStages;
    },
    async find(id, stage, version) {
      const request = { SecretId: id, VersionStage: stage, ...(version ? { VersionId: version } : {}) };
      try {
        const { SecretString } = await client.send(new GetSecretValueCommand(request));
        return SecretString ? JSON.parse(SecretString) : undefined;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    async put(id, fields, version, stage = "AWSCURRENT") {
      const request = { SecretId: id, SecretString: JSON.stringify(fields), VersionStages: [stage] };
      await client.send(new PutSecretValueCommand({ ...request, ...(version ? { ClientRequestToken: version } : {}) }));
    },
    async promote(id, to, from) {
      const request = { SecretId: id, VersionStage: "AWSCURRENT", MoveToVersionId: to };
      await client.send(
        new UpdateSecretVersionStageCommand({ ...request, ...(from ? { RemoveFromVersionId: from } : {}) }),
      );
    },
  };
}
