/**
 * First boot of a store's instance, as a shell script: mount the volume (and format it only when it is empty), get the
 * certificate and the password, start the server. Nothing secret is in it, only where secrets are.
 */
import { DATABASE, OWNER } from "./database-access.ts";

/** @source Docker Hub and ECR Public, tags, 2026-11 */
const IMAGES = {
  postgres: "docker.io/timescale/timescaledb:2.17.2-pg17",
  redis: "public.ecr.aws/docker/library/redis:7.2",
} as const;
/** User ids of those images. */
const USERS = { postgres: 70, redis: 999 } as const;

export interface Boot {
  readonly kind: "postgres" | "redis";
  readonly region: string;
  readonly port: number;
  readonly volumeId: string;
  readonly certificateArn: string;
  /** Where the password is, and under which key. */
  readonly secretArn: string;
  readonly key: string;
  /** Whom a replica follows, by its name. */
  readonly primary?: string;
}

/** In base64, as EC2 takes it. */
export function userData(boot: Boot): string {
  return Buffer.from(`${[...common(boot), ...SERVERS[boot.kind](boot)].join("\n")}\n`).toString("base64");
}

/** @source EC2 user guide, "NVMe block devices on Linux": the volume's id is the device's serial number, 2026-11 */
function common({ kind, region, volumeId, certificateArn, secretArn, key }: Boot): readonly string[] {
  const device = `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace("-", "")}`;
  const user = USERS[kind];
  return [
    "#!/bin/bash",
    "set -euo pipefail",
    "umask 077",
    `export AWS_DEFAULT_REGION=${region}`,
    "dnf install -y awscli-2 jq openssl xfsprogs",
    "systemctl disable --now ecs || true",
    "systemctl enable --now docker amazon-ssm-agent",
    "# It is attached once this instance runs.",
    `device=${device}`,
    'until [ -e "$device" ]; do sleep 2; done',
    "# blkid fails on an empty volume, and only then; a volume with anything on it is never formatted.",
    'blkid -p "$device" || [ $? -ne 2 ] || mkfs.xfs -L store "$device"',
    "mkdir -p /data",
    'echo "LABEL=store /data xfs defaults,nofail,noatime 0 2" >> /etc/fstab',
    "mount /data",
    `install -d -m 0700 -o ${user} -g ${user} /data/server /data/tls`,
    "cat > /usr/local/bin/store-certificate <<'SCRIPT'",
    "#!/bin/bash",
    "set -euo pipefail",
    "umask 077",
    `export AWS_DEFAULT_REGION=${region}`,
    "work=$(mktemp -d)",
    "trap 'rm -rf \"$work\"' EXIT",
    'openssl rand -hex 16 | tr -d "\\n" > "$work/passphrase"',
    `aws acm export-certificate --certificate-arn '${certificateArn}' --passphrase "fileb://$work/passphrase" > "$work/export"`,
    'jq -r ".Certificate, .CertificateChain" "$work/export" > "$work/tls.crt"',
    'jq -r .PrivateKey "$work/export" | openssl pkey -passin "file:$work/passphrase" -out "$work/tls.key"',
    `install -m 0600 -o ${user} -g ${user} "$work/tls.crt" "$work/tls.key" /data/tls/`,
    "SCRIPT",
    "chmod 0700 /usr/local/bin/store-certificate",
    "/usr/local/bin/store-certificate",
    `password=$(aws secretsmanager get-secret-value --secret-id '${secretArn}' --query SecretString --output text | jq -r .${key})`,
    "# ACM renews it; a restart takes seconds, in the hour of maintenance.",
    "cat > /etc/systemd/system/store-certificate.service <<'UNIT'",
    "[Service]",
    "Type=oneshot",
    "ExecStart=/usr/local/bin/store-certificate",
    "ExecStart=/usr/bin/docker restart store",
    "UNIT",
    "cat > /etc/systemd/system/store-certificate.timer <<'UNIT'",
    "[Timer]",
    "OnCalendar=Sun 04:00",
    "[Install]",
    "WantedBy=timers.target",
    "UNIT",
    "systemctl enable --now store-certificate.timer",
  ];
}

const RUN = "docker run --detach --name store --restart unless-stopped --network host -v /data/tls:/tls:ro";

const SERVERS: Readonly<Record<Boot["kind"], (boot: Boot) => readonly string[]>> = {
  postgres: ({ port }) => [
    "# Who comes over the network comes by TLS; the socket is inside the container.",
    "printf 'local all all trust\\nhostssl all all all scram-sha-256\\n' > /data/tls/pg_hba.conf",
    'printf "%s" "$password" > /data/tls/password',
    `chown ${USERS.postgres}:${USERS.postgres} /data/tls/pg_hba.conf /data/tls/password`,
    `${RUN} -v /data/server:/var/lib/postgresql/data -e PGDATA=/var/lib/postgresql/data/pgdata \\`,
    `  -e POSTGRES_USER=${OWNER} -e POSTGRES_DB=${DATABASE} -e POSTGRES_PASSWORD_FILE=/tls/password --shm-size 1g \\`,
    `  --user ${USERS.postgres} ${IMAGES.postgres} postgres -c port=${port} -c ssl=on -c ssl_cert_file=/tls/tls.crt \\`,
    "  -c ssl_key_file=/tls/tls.key -c ssl_min_protocol_version=TLSv1.2 -c hba_file=/tls/pg_hba.conf \\",
    "  -c password_encryption=scram-sha-256 -c log_min_duration_statement=500",
  ],
  redis: ({ port, primary }) => [
    "cat > /data/server/redis.conf <<CONF",
    "port 0",
    `tls-port ${port}`,
    "tls-cert-file /tls/tls.crt",
    "tls-key-file /tls/tls.key",
    "tls-ca-cert-file /ca/tls-ca-bundle.pem",
    "tls-auth-clients no",
    "tls-replication yes",
    "requirepass $password",
    "masterauth $password",
    "dir /data",
    "appendonly yes",
    ...(primary === undefined ? [] : [`replicaof ${primary} ${port}`]),
    "CONF",
    `chown ${USERS.redis}:${USERS.redis} /data/server/redis.conf`,
    `${RUN} -v /data/server:/data -v /etc/pki/ca-trust/extracted/pem:/ca:ro --user ${USERS.redis} ${IMAGES.redis} redis-server /data/redis.conf`,
  ],
};
