/** The Pod Security Standard "restricted", what concerns the node's kernel. @source kubernetes.io, "Pod Security Standards", 1.34 */
import { resourceRule } from "../framework/rule.ts";
import { inContainer, pods } from "./subjects.ts";

const SECCOMP: readonly string[] = ["RuntimeDefault", "Localhost"];
/** @source kubernetes.io, "Pod Security Standards", SELinux */
const SELINUX: readonly string[] = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
/** @source kubernetes.io, "Pod Security Standards", Sysctls */
const SAFE_SYSCTLS: readonly string[] = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

export const podSeccomp = resourceRule({
  name: "kubernetes-seccomp",
  description: "System calls are filtered by the runtime's profile or one of your own.",
  controls: ["PSS restricted"],
  severity: "medium",
  remedy: "Set securityContext.seccompProfile.type to RuntimeDefault.",
  on: pods,
  *check({ spec, containers }) {
    const ofPod = spec.securityContext?.seccompProfile?.type;
    for (const container of containers) {
      const found = container.securityContext?.seccompProfile?.type ?? ofPod;
      if (found === undefined || !SECCOMP.includes(found)) {
        yield {
          at: inContainer(container, "securityContext.seccompProfile.type"),
          found,
          allowed: SECCOMP.join(" or "),
        };
      }
    }
  },
});

export const podSelinux = resourceRule({
  name: "kubernetes-selinux",
  description: "A container keeps to the SELinux type of containers.",
  controls: ["PSS restricted"],
  severity: "medium",
  remedy: "Leave seLinuxOptions out, or set type to container_t.",
  on: pods,
  *check({ spec, containers }) {
    const contexts = [
      { at: "securityContext", options: spec.securityContext?.seLinuxOptions },
      ...containers.map((container) => ({
        at: inContainer(container, "securityContext"),
        options: container.securityContext?.seLinuxOptions,
      })),
    ];
    for (const { at, options } of contexts) {
      const { type = "", user, role } = options ?? {};
      if (!SELINUX.includes(type)) yield { at: `${at}.seLinuxOptions.type`, found: type, allowed: SELINUX.join(", ") };
      const own = user ?? role;
      if (own !== undefined && own !== "")
        yield { at: `${at}.seLinuxOptions`, found: own, allowed: "no user and role" };
    }
  },
});

export const podProc = resourceRule({
  name: "kubernetes-proc-mount",
  description: "A container sees /proc as containers do, with what is the kernel's masked.",
  controls: ["PSS restricted"],
  severity: "high",
  remedy: "Leave procMount out.",
  on: pods,
  *check({ containers }) {
    for (const container of containers) {
      const found = container.securityContext?.procMount ?? "Default";
      if (found !== "Default")
        yield { at: inContainer(container, "securityContext.procMount"), found, allowed: "Default" };
    }
  },
});

export const podSysctls = resourceRule({
  name: "kubernetes-sysctls",
  description: "A pod changes only kernel settings that are its own.",
  controls: ["PSS restricted"],
  severity: "medium",
  remedy: "Leave the setting out, or set it for the node group.",
  on: pods,
  *check({ spec }) {
    for (const { name } of spec.securityContext?.sysctls ?? []) {
      if (name !== undefined && !SAFE_SYSCTLS.includes(name)) {
        yield { at: "securityContext.sysctls", found: name, allowed: SAFE_SYSCTLS.join(", ") };
      }
    }
  },
});
