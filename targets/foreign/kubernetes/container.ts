/** A container of a pod. */
import { expand } from "../../kubernetes/read-pod.ts";
import { capabilities } from "../capabilities.ts";
import type { Fields } from "../fields.ts";
import { told, untold, type Container, type ContainerBehaviour, type Seen, type Told } from "../seen.ts";
import { readEnvironment, type Sources } from "./environment.ts";
import { readDrain, readProbe, type Probe } from "./probes.ts";
import { quantityOf } from "./quantities.ts";

/** What its pod decides for it. */
export interface PodContext {
  readonly sources: Sources;
  readonly grace: number;
  readonly user: number | undefined;
  /** `emptyDir` of medium Memory → its size in MiB; null: as large as the memory allows. */
  readonly memoryVolumes: ReadonlyMap<string, number | null>;
  readonly neutral: (value: string) => string;
}

export interface PodContainer extends Container {
  /** By name, as a Service or a probe refers to it. */
  readonly portNames: ReadonlyMap<string, number>;
  readonly ephemeral: number | null;
  /** An init container that goes on running. */
  readonly staysUp: boolean;
}

export function readPodContainer(fields: Fields, pod: PodContext): PodContainer {
  const ports = fields.list("ports", port);
  const portNames = new Map(ports.flatMap(({ name, number }) => (name === undefined ? [] : [[name, number] as const])));
  const environment = readEnvironment(fields, pod.sources);
  const { ephemeral, ...resources } = readResources(fields);
  const drain = fields.object("lifecycle", readDrain) ?? told(0);
  const probe = (name: string): Probe | undefined => fields.object(name, (each) => readProbe(each, portNames));
  const [liveness, readiness, startup] = [probe("livenessProbe"), probe("readinessProbe"), probe("startupProbe")];
  const [entryPoint, args] = ["command", "args"].map((name) => {
    const given = fields.texts(name);
    return given.length > 0 ? given.map((text) => expand(text, environment.env)) : null;
  });
  aside(fields);
  const seen: Seen<ContainerBehaviour> = {
    image: told(fields.text("image") ?? ""),
    entryPoint: told(entryPoint ?? null),
    command: told(args ?? null),
    ...resources,
    ports: told(ports.map(({ number }) => number)),
    env: told(Object.fromEntries([...environment.env].map(([name, value]) => [name, pod.neutral(value)]))),
    secrets: told(Object.fromEntries(environment.secrets)),
    liveness: liveness?.asks ?? told(null),
    readiness: readiness?.asks ?? told(null),
    startGrace: told(startup ? startup.patience : (liveness?.initialDelay ?? 0)),
    drain,
    stopTimeout:
      "value" in drain ? told(Math.max(0, pod.grace - drain.value)) : untold("it shares its time with preStop"),
    ...readMounts(fields, pod),
    ...readSecurity(fields, pod),
    logs: untold("a pod writes to stdout, and its node's agent decides where that goes"),
  };
  return {
    name: fields.text("name") ?? "",
    seen,
    elsewhere: environment.elsewhere,
    moreEnv: environment.moreEnv,
    portNames,
    ephemeral,
    staysUp: fields.text("restartPolicy") === "Always",
  };
}

function aside(fields: Fields): void {
  fields.aside("how an image is fetched and how a container ends", "imagePullPolicy", "resizePolicy");
  fields.aside("where its last words go", "terminationMessagePath", "terminationMessagePolicy");
  for (const name of ["stdin", "stdinOnce", "tty"]) fields.unsaid(name, "a terminal");
  fields.unsaid("volumeDevices", "a raw disk", "compute");
  fields.unsaid("workingDir", "a working directory other than the image's");
}

function port(fields: Fields): { readonly name: string | undefined; readonly number: number } {
  if ((fields.text("protocol") ?? "TCP") !== "TCP") fields.note("unsaid", "protocol", "a port that is not TCP", "port");
  fields.unsaid("hostPort", "a port of its node's", "port");
  fields.unsaid("hostIP", "a port of its node's", "port");
  return { name: fields.text("name"), number: fields.whole("containerPort") ?? 0 };
}

type Resources = Seen<Pick<ContainerBehaviour, "cpu" | "cpuCap" | "memoryGuaranteed" | "memoryLimit" | "gpus">>;

/** What is not asked for is not guaranteed; a limit alone is asked for too. */
function readResources(container: Fields): Resources & { readonly ephemeral: number | null } {
  const found = container.object("resources", (fields) => {
    fields.unsaid("claims", "devices by claim", "compute");
    const [requests, limits] = [fields.scalars("requests"), fields.scalars("limits")];
    const known = ["cpu", "memory", "ephemeral-storage", "nvidia.com/gpu"];
    const strange = [...requests.keys(), ...limits.keys()].filter((name) => !known.includes(name));
    if (strange.length > 0)
      fields.note("unsaid", "", `resources of a kind of their own: ${[...new Set(strange)].join(", ")}`, "compute");
    const limit = (name: string) => quantityOf(fields, limits, name, "limits");
    const both = (name: string) => [quantityOf(fields, requests, name, "requests"), limit(name)] as const;
    return { cpu: both("cpu"), memory: both("memory"), disk: both("ephemeral-storage"), gpus: both("nvidia.com/gpu") };
  });
  const [cpu, cpuLimit] = found?.cpu ?? [];
  const [memory, memoryLimit] = found?.memory ?? [];
  const disk = found?.disk[1];
  return {
    cpu: told(cpu ?? cpuLimit ?? 0),
    cpuCap: told(cpuLimit ?? null),
    memoryGuaranteed: told((memory ?? memoryLimit ?? 0) / 2 ** 20),
    memoryLimit: told(memoryLimit === undefined ? Infinity : memoryLimit / 2 ** 20),
    gpus: told(found?.gpus[1] ?? 0),
    ephemeral: disk === undefined ? null : disk / 2 ** 30,
  };
}

function readMounts(
  fields: Fields,
  { memoryVolumes }: PodContext,
): Seen<Pick<ContainerBehaviour, "writablePaths" | "sharedMemory">> {
  const mounts = fields.list("volumeMounts", (mount) => {
    mount.aside("which part of a volume it is", "subPath", "subPathExpr", "mountPropagation", "recursiveReadOnly");
    const name = mount.text("name") ?? "";
    return { name, path: mount.text("mountPath") ?? "", readOnly: mount.flag("readOnly") ?? false };
  });
  const shared = mounts.find(({ path, name }) => path === "/dev/shm" && memoryVolumes.has(name));
  const writable = mounts.filter(({ path, readOnly }) => !readOnly && path !== "/dev/shm").map(({ path }) => path);
  const size = shared && memoryVolumes.get(shared.name);
  return {
    writablePaths: told(writable.sort()),
    sharedMemory: shared && size === null ? untold("/dev/shm without a size of its own") : told(size ?? null),
  };
}

type Security = Seen<Pick<ContainerBehaviour, "user" | "readOnlyRoot" | "privileged" | "capabilities">>;

function readSecurity(container: Fields, pod: PodContext): Security {
  const found = container.object("securityContext", (fields) => {
    hardening(fields);
    fields.ours("allowPrivilegeEscalation", [false], "that a process may gain rights");
    fields.ours("procMount", ["Default"], "an open /proc");
    return {
      user: fields.whole("runAsUser"),
      readOnlyRoot: fields.flag("readOnlyRootFilesystem") ?? false,
      privileged: fields.flag("privileged") ?? false,
      capabilities: fields.object("capabilities", capabilities) ?? ["default"],
    };
  });
  const user: Told<number> | undefined = [found?.user, pod.user].flatMap((each) =>
    each === undefined ? [] : [told(each)],
  )[0];
  return {
    user: user ?? untold("the image's own user"),
    readOnlyRoot: told(found?.readOnlyRoot ?? false),
    privileged: told(found?.privileged ?? false),
    capabilities: told(found?.capabilities ?? ["default"]),
  };
}

/** What pods and containers have alike. */
export function hardening(fields: Fields): void {
  fields.aside("a group", "runAsGroup");
  fields.ours("runAsNonRoot", [true], "that it may be root");
  fields.ours("seccompProfile", [{ type: "RuntimeDefault" }], "system calls that are let through");
  for (const name of ["appArmorProfile", "seLinuxOptions", "windowsOptions"])
    fields.unsaid(name, "a profile of the kernel's");
}
