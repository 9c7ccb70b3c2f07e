/**
 * What a provider would add to each type that the program may register. A type that is not here is refused, so a test
 * run knows everything that the program makes.
 */
type Inputs = Readonly<Record<string, unknown>>;
type Extra = (name: string, inputs: Inputs) => Readonly<Record<string, unknown>>;

const nothing: Extra = () => ({});
const named: Extra = (name, inputs) => ({ name: text(inputs["name"], name) });
const ACCOUNT = "123456789012";
const REGION = "us-east-1";
/** The group that EKS makes for a cluster itself. */
const CLUSTER_GROUP = "sg-0123456789abcdef0";

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

/** The names that a certificate is for. */
function hosts(inputs: Inputs): readonly string[] {
  const others = inputs["subjectAlternativeNames"];
  return [text(inputs["domainName"], ""), ...(Array.isArray(others) ? others.map(String) : [])];
}

const AWS: Readonly<Record<string, Extra>> = {
  "acm/certificate:Certificate": (_name, inputs) => ({
    domainValidationOptions: hosts(inputs).map((host) => ({
      domainName: host,
      resourceRecordName: `_validate.${host}`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_proof.${host}`,
    })),
  }),
  "acm/certificateValidation:CertificateValidation": nothing,
  "apigatewayv2/api:Api": (name) => ({ apiEndpoint: `https://${name}.execute-api.internal` }),
  "apigatewayv2/apiMapping:ApiMapping": nothing,
  "apigatewayv2/domainName:DomainName": (name, inputs) => ({
    domainNameConfiguration: {
      ...(inputs["domainNameConfiguration"] as Inputs),
      targetDomainName: `${name}.regional.internal`,
      hostedZoneId: "ZREGIONAL",
    },
  }),
  "apigatewayv2/integration:Integration": nothing,
  "apigatewayv2/route:Route": nothing,
  "apigatewayv2/stage:Stage": nothing,
  "apigatewayv2/vpcLink:VpcLink": nothing,
  "appautoscaling/policy:Policy": nothing,
  "appautoscaling/target:Target": nothing,
  "autoscaling/group:Group": named,
  "cloudfront/distribution:Distribution": (name) => ({
    domainName: `${name}.cloudfront.internal`,
    hostedZoneId: "ZCLOUDFRONT",
  }),
  "cloudfront/function:Function": named,
  "cloudfront/originAccessControl:OriginAccessControl": nothing,
  "cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": named,
  "cloudwatch/dashboard:Dashboard": nothing,
  "cloudwatch/eventRule:EventRule": named,
  "cloudwatch/eventTarget:EventTarget": nothing,
  "cloudwatch/logDelivery:LogDelivery": nothing,
  "cloudwatch/logDeliveryDestination:LogDeliveryDestination": named,
  "cloudwatch/logDeliverySource:LogDeliverySource": named,
  "cloudwatch/logGroup:LogGroup": named,
  "cloudwatch/metricAlarm:MetricAlarm": named,
  "dlm/lifecyclePolicy:LifecyclePolicy": nothing,
  "ebs/volume:Volume": nothing,
  "ec2/defaultSecurityGroup:DefaultSecurityGroup": nothing,
  "ec2/eip:Eip": nothing,
  "ec2/flowLog:FlowLog": nothing,
  "ec2/instance:Instance": () => ({ privateIp: "10.20.32.10" }),
  "ec2/internetGateway:InternetGateway": nothing,
  "ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
  "ec2/natGateway:NatGateway": nothing,
  "ec2/networkAcl:NetworkAcl": nothing,
  "ec2/placementGroup:PlacementGroup": named,
  "ec2/route:Route": nothing,
  "ec2/routeTable:RouteTable": nothing,
  "ec2/routeTableAssociation:RouteTableAssociation": nothing,
  "ec2/securityGroup:SecurityGroup": named,
  "ec2/subnet:Subnet": nothing,
  "ec2/volumeAttachment:VolumeAttachment": nothing,
  "ec2/vpc:Vpc": nothing,
  "ec2/vpcEndpoint:VpcEndpoint": () => ({ prefixListId: "pl-s3" }),
  "ecr/lifecyclePolicy:LifecyclePolicy": nothing,
  "ecr/repository:Repository": (name, inputs) => ({
    name: text(inputs["name"], name),
    registryId: ACCOUNT,
    repositoryUrl: `${ACCOUNT}.dkr.ecr.${REGION}.internal/${text(inputs["name"], name)}`,
  }),
  "ecs/capacityProvider:CapacityProvider": named,
  "ecs/cluster:Cluster": named,
  "ecs/clusterCapacityProviders:ClusterCapacityProviders": nothing,
  "ecs/service:Service": named,
  "ecs/taskDefinition:TaskDefinition": (_name, inputs) => {
    const family = text(inputs["family"], "");
    const base = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${family}`;
    return { arn: `${base}:1`, arnWithoutRevision: base, revision: 1 };
  },
  "eks/accessEntry:AccessEntry": nothing,
  "eks/accessPolicyAssociation:AccessPolicyAssociation": nothing,
  "eks/addon:Addon": nothing,
  "eks/cluster:Cluster": (name, inputs) => ({
    name: text(inputs["name"], name),
    endpoint: `https://${name}.eks.internal`,
    certificateAuthority: { data: "Y2VydGlmaWNhdGU=" },
    vpcConfig: { ...(inputs["vpcConfig"] as Inputs), clusterSecurityGroupId: CLUSTER_GROUP },
  }),
  "eks/nodeGroup:NodeGroup": named,
  "eks/podIdentityAssociation:PodIdentityAssociation": nothing,
  "elasticache/replicationGroup:ReplicationGroup": (name) => ({ primaryEndpointAddress: `${name}.cache.internal` }),
  "elasticache/subnetGroup:SubnetGroup": named,
  "iam/instanceProfile:InstanceProfile": named,
  "iam/role:Role": (name) => ({ name, arn: `arn:aws:iam::${ACCOUNT}:role/${name}` }),
  "iam/rolePolicy:RolePolicy": nothing,
  "iam/rolePolicyAttachment:RolePolicyAttachment": nothing,
  "kms/alias:Alias": nothing,
  "kms/key:Key": nothing,
  "lambda/function:Function": named,
  "lambda/invocation:Invocation": () => ({ result: "{}" }),
  "lambda/permission:Permission": nothing,
  "lb/listener:Listener": nothing,
  "lb/listenerRule:ListenerRule": nothing,
  "lb/loadBalancer:LoadBalancer": (name) => ({
    dnsName: `${name}.elb.internal`,
    zoneId: "ZBALANCER",
    arnSuffix: `app/${name}/1`,
  }),
  "lb/targetGroup:TargetGroup": (name) => ({ arnSuffix: `targetgroup/${name}/1` }),
  "msk/cluster:Cluster": (_name, inputs) => ({
    arn: `arn:aws:kafka:${REGION}:${ACCOUNT}:cluster/${text(inputs["clusterName"], "")}/uuid-1`,
    bootstrapBrokersSaslIam: "b-1.kafka.internal:9098,b-2.kafka.internal:9098",
  }),
  "msk/configuration:Configuration": () => ({ latestRevision: 1 }),
  "msk/topic:Topic": (name, inputs) => ({
    arn: `${text(inputs["clusterArn"], "").replace(":cluster/", ":topic/")}/${text(inputs["name"], name)}`,
  }),
  "rds/instance:Instance": (name) => ({ identifier: name, address: `${name}.rds.internal` }),
  "rds/parameterGroup:ParameterGroup": named,
  "rds/proxy:Proxy": (name) => ({ name, endpoint: `${name}.proxy.internal` }),
  "rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": named,
  "rds/proxyTarget:ProxyTarget": nothing,
  "rds/subnetGroup:SubnetGroup": named,
  "route53/record:Record": (_name, inputs) => ({ fqdn: text(inputs["name"], "") }),
  "route53/resolverQueryLogConfig:ResolverQueryLogConfig": nothing,
  "route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation": nothing,
  "route53/zone:Zone": (name) => ({ zoneId: `Z${name.toUpperCase()}` }),
  "s3/bucket:Bucket": (name) => ({
    bucket: `bucket-${name}`,
    arn: `arn:aws:s3:::bucket-${name}`,
    bucketRegionalDomainName: `bucket-${name}.s3.internal`,
  }),
  "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": nothing,
  "s3/bucketLogging:BucketLogging": nothing,
  "s3/bucketOwnershipControls:BucketOwnershipControls": nothing,
  "s3/bucketPolicy:BucketPolicy": nothing,
  "s3/bucketPublicAccessBlock:BucketPublicAccessBlock": nothing,
  "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": nothing,
  "s3/bucketVersioning:BucketVersioning": nothing,
  "secretsmanager/secret:Secret": (_name, inputs) => ({
    arn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${text(inputs["name"], "")}-AbCdEf`,
  }),
  "secretsmanager/secretRotation:SecretRotation": nothing,
  "secretsmanager/secretVersion:SecretVersion": nothing,
  "servicediscovery/httpNamespace:HttpNamespace": named,
  "sns/topic:Topic": named,
  "sns/topicSubscription:TopicSubscription": nothing,
  "sqs/queue:Queue": (name, inputs) => ({ url: `https://sqs.internal/${text(inputs["name"], name)}` }),
  "sqs/queuePolicy:QueuePolicy": nothing,
  "sqs/redriveAllowPolicy:RedriveAllowPolicy": nothing,
  "vpc/securityGroupEgressRule:SecurityGroupEgressRule": nothing,
  "vpc/securityGroupIngressRule:SecurityGroupIngressRule": nothing,
  "wafv2/ipSet:IpSet": named,
  "wafv2/webAcl:WebAcl": nothing,
  "wafv2/webAclAssociation:WebAclAssociation": nothing,
  "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": nothing,
};

/** What awsx's VPC answers: its insides do not appear under mocks. */
function vpcState(name: string, inputs: Inputs): Record<string, unknown> {
  const zones = Array.isArray(inputs["availabilityZoneNames"]) ? inputs["availabilityZoneNames"] : [];
  const tier = (label: string) => zones.map((_zone, index) => `${label}-${index}-id`);
  const tiers = ["public", "private", "isolated"];
  return {
    ...inputs,
    vpcId: `${name}-id`,
    publicSubnetIds: tier("public"),
    privateSubnetIds: tier("private"),
    isolatedSubnetIds: tier("isolated"),
    routeTables: tiers.flatMap((label) => tier(label).map((id) => ({ id: `table-${id}` }))),
  };
}

/** What Pulumi's EKS component answers, as far as the program asks. */
function clusterState(name: string, inputs: Inputs): Record<string, unknown> {
  return {
    ...inputs,
    eksCluster: { name: text(inputs["name"], name) },
    clusterSecurityGroupId: CLUSTER_GROUP,
    kubeconfigJson: JSON.stringify({ apiVersion: "v1", kind: "Config", clusters: [{ name }] }),
  };
}

/** Whether it is written down here what a provider adds to this type. */
export function isKnown(type: string): boolean {
  return (
    /^(pulumi|kubernetes):|^(awsx:ec2:Vpc|docker-build:index:Image|eks:index:Cluster)$/.test(type) ||
    AWS[type.replace(/^aws:/, "")] !== undefined
  );
}

/** A cluster counts the changes of a thing. */
function versioned(metadata: unknown): Record<string, unknown> {
  return { ...(typeof metadata === "object" ? metadata : {}), resourceVersion: "7" };
}

/** The whole state of a new resource. @throws Error for a type that nobody expects */
export function stateOf(type: string, name: string, inputs: Inputs): Record<string, unknown> {
  if (type === "kubernetes:core/v1:Secret") return { ...inputs, metadata: versioned(inputs["metadata"]) };
  if (type.startsWith("pulumi:") || type.startsWith("kubernetes:")) return { ...inputs };
  if (type === "awsx:ec2:Vpc") return vpcState(name, inputs);
  if (type === "eks:index:Cluster") return clusterState(name, inputs);
  if (type === "docker-build:index:Image") return { ...inputs, digest: `sha256:${"a".repeat(64)}` };
  const short = type.replace(/^aws:/, "");
  const extra = AWS[short];
  if (!extra) throw new Error(`Nobody expects a resource of type ${type} (${name}).`);
  const [module = ""] = short.split("/");
  const arn = `arn:aws:${module}:${REGION}:${ACCOUNT}:${short.split(":").at(-1) ?? ""}/${text(inputs["name"], name)}`;
  return { arn, ...inputs, ...extra(name, inputs) };
}
