/**
 * What the CloudWatch add-on is told: each container's output goes, line by line as it was written, to the group that its
 * pod names, as on ECS; what names none goes to one group of the cluster. Traces and the services' own metrics have our
 * collector.
 */

/** Groups that the add-on writes to beside the workloads'. @source CloudWatch user guide, "Container Insights", 2026-11 */
const OWN_GROUPS = ["application", "dataplane", "host", "performance"] as const;

const OTHERS = "application";

/** They are made before it, with a retention: it would make them itself, and keep them for ever. */
export function ownLogGroups(clusterName: string): readonly string[] {
  return OWN_GROUPS.map((name) => ownLogGroup(clusterName, name));
}

function ownLogGroup(clusterName: string, name: (typeof OWN_GROUPS)[number]): string {
  return `/aws/containerinsights/${clusterName}/${name}`;
}

/** The add-on's configuration values. @param template Fluent Bit's record accessor for a pod's group */
export function containerLogs(clusterName: string, template: string) {
  return {
    applicationSignals: { enabled: false },
    containerInsights: { enabled: true },
    containerLogs: {
      enabled: true,
      fluentBit: { config: { extraFiles: { "application-log.conf": fluentBit(clusterName, template) } } },
    },
  };
}

type Section = readonly [kind: "INPUT" | "FILTER" | "OUTPUT", entries: Readonly<Record<string, string>>];

/**
 * Node agents write to the data plane's group, which the add-on's other files see to. A new node's first lines count too,
 * hence the files from their beginning; the position in each is kept on the node's disk.
 * @source Fluent Bit manual, "Tail", "Kubernetes", "Amazon CloudWatch" (log_group_template, log_key), 2026-11
 */
function fluentBit(clusterName: string, template: string): string {
  const tag = "application.*";
  const sections: readonly Section[] = [
    [
      "INPUT",
      {
        Name: "tail",
        Tag: tag,
        Path: "/var/log/containers/*.log",
        Exclude_Path: "/var/log/containers/aws-node*, /var/log/containers/kube-proxy*, /var/log/containers/fluent-bit*",
        "multiline.parser": "cri",
        DB: "/var/fluent-bit/state/flb_container.db",
        Mem_Buf_Limit: "50MB",
        Skip_Long_Lines: "On",
        Refresh_Interval: "10",
        Rotate_Wait: "30",
        "storage.type": "filesystem",
        Read_from_Head: "On",
      },
    ],
    [
      "FILTER",
      {
        Name: "kubernetes",
        Match: tag,
        Kube_Tag_Prefix: "application.var.log.containers.",
        Annotations: "On",
        Labels: "Off",
        Merge_Log: "Off",
        // A node's own kubelet knows its pods; thousands of agents need not ask the cluster's API.
        Use_Kubelet: "On",
        Kubelet_Port: "10250",
        Buffer_Size: "0",
      },
    ],
    [
      "OUTPUT",
      {
        Name: "cloudwatch_logs",
        Match: tag,
        region: "${AWS_REGION}",
        log_group_template: template,
        log_group_name: ownLogGroup(clusterName, OTHERS),
        log_stream_prefix: "${HOST_NAME}-",
        log_key: "log",
        auto_create_group: "false",
      },
    ],
  ];
  return sections.map(sectionText).join("\n");
}

function sectionText([kind, entries]: Section): string {
  const lines = Object.entries(entries).map(([key, value]) => `  ${key} ${value}\n`);
  return `[${kind}]\n${lines.join("")}`;
}
