/**
 * A throw-away Kubernetes API server with its own etcd: no kubelet, and no controllers unless a test starts them beside
 * it (see control-plane.ts), so nothing that is applied ever runs. Everything is on 127.0.0.1 and in one temporary folder, and is gone when the tests are.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describeExit, endChild, startChild, type Child } from "../../../targets/local/processes/child.ts";
import { freePort, LOCALHOST, returnPort } from "../../../targets/local/processes/ports.ts";
import { temporaryFolder } from "../../../targets/local/processes/temporary.ts";
import { ApiServer, type Access } from "./api.ts";
import { writeKubeconfig } from "./kubeconfig.ts";

export interface RunningServer {
  readonly api: ApiServer;
  /** An administrator's, for who talks to the server. */
  readonly kubeconfig: string;
  readonly serviceAccountKey: string;
  /** Starts one more process, which ends before the server does. */
  start(command: string, args: readonly string[]): Promise<void>;
  /** @throws Error with its last lines when one of the processes is gone */
  check(): void;
  stop(): Promise<void>;
}

const READY_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 200;
const STOP_MILLISECONDS = 5_000;
/** The last lines that explain why one of them is gone. */
const LAST_LINES = 15;

/** Starts both and waits for `/readyz`. @param binary path of a kube-apiserver; etcd comes from PATH */
export async function startServer(binary: string): Promise<RunningServer> {
  const folder = await temporaryFolder("kube-apiserver");
  const ports = [await freePort(), await freePort(), await freePort()] as const;
  const [clientPort, peerPort, securePort] = ports;
  const children: Child[] = [];
  const gone: string[] = [];
  const start = async (command: string, args: readonly string[]): Promise<void> => {
    const env = { PATH: process.env["PATH"] ?? "", HOME: folder.path };
    const child = await startChild({ command, args, env, cwd: folder.path });
    children.push(child);
    void child.exited.then((exit) => {
      gone.push([`${basename(command)}: ${describeExit(exit)}`, ...child.lines().slice(-LAST_LINES)].join("\n"));
    });
  };
  const check = (): void => {
    if (gone.length > 0) throw new Error(gone.join("\n"));
  };
  const stop = async (): Promise<void> => {
    // the API server before etcd, for which it would wait
    for (const child of children.toReversed()) await endChild(child, "SIGTERM", STOP_MILLISECONDS);
    await folder.remove();
    ports.forEach(returnPort);
  };
  try {
    await start("etcd", etcdArguments(join(folder.path, "etcd"), clientPort, peerPort));
    const token = randomBytes(24).toString("hex");
    const serviceAccountKey = await writeCredentials(folder.path, token);
    await start(binary, serverArguments(folder.path, clientPort, securePort));
    const access = await ready(securePort, folder.path, token, check);
    const kubeconfig = join(folder.path, "kubeconfig");
    await writeKubeconfig(kubeconfig, access);
    return { api: new ApiServer(access), kubeconfig, serviceAccountKey, start, check, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function etcdArguments(data: string, clientPort: number, peerPort: number): readonly string[] {
  const client = `http://${LOCALHOST}:${clientPort}`;
  const peer = `http://${LOCALHOST}:${peerPort}`;
  return [
    `--data-dir=${data}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ];
}

/**
 * A key for service accounts' tokens and one administrator's token. The server makes its own certificate.
 * Returns the key's path.
 */
async function writeCredentials(folder: string, token: string): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const secret = { mode: 0o600 } as const;
  const key = join(folder, "service-accounts.key");
  await writeFile(key, privateKey, secret);
  await writeFile(join(folder, "service-accounts.pub"), publicKey);
  await writeFile(join(folder, "tokens.csv"), `${token},cluster-tests,cluster-tests,system:masters\n`, secret);
  return key;
}

/** PodSecurity and ResourceQuota are on by default; they are named so that no default can take them away. */
function serverArguments(folder: string, etcdPort: number, port: number): readonly string[] {
  return [
    `--etcd-servers=http://${LOCALHOST}:${etcdPort}`,
    `--bind-address=${LOCALHOST}`,
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, "certificates")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${join(folder, "service-accounts.key")}`,
    `--service-account-key-file=${join(folder, "service-accounts.pub")}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--enable-admission-plugins=PodSecurity,ResourceQuota,LimitRanger,ServiceAccount,Priority",
    "--allow-privileged=true",
  ];
}

async function ready(port: number, folder: string, token: string, check: () => void): Promise<Access> {
  const deadline = Date.now() + READY_MILLISECONDS;
  while (Date.now() < deadline) {
    check();
    const ca = await readFile(join(folder, "certificates", "apiserver.crt"), "utf8").catch(() => "");
    const access = { url: `https://${LOCALHOST}:${port}`, ca, token };
    if (ca !== "" && (await statusOf(new ApiServer(access))) === 200) return access;
    await sleep(POLL_MILLISECONDS);
  }
  throw new Error(`kube-apiserver was not ready after ${READY_MILLISECONDS} ms`);
}

async function statusOf(api: ApiServer): Promise<number> {
  try {
    return (await api.send("GET", "/readyz")).status;
  } catch {
    return 0;
  }
}
