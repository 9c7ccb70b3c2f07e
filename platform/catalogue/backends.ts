/** What works behind the topics, and the job that prepares the database. */
import type { Binding, Workload } from "../model/types.ts";
import type { Settings } from "../settings.ts";
import { autoscaling, DATABASE, DEAD_LETTERS, DOUBLE, general, NODE, probes, queue, topic } from "./defaults.ts";

const PROBE_PORT = { number: 8080, protocol: "http" } as const;
const SHUTDOWN = { drain: 0, stopTimeout: 60 } as const;

/** The model on GPUs: asked at once, and by the queues for what it did not score in time. */
const SECOND_OPINION: readonly Binding[] = [
  { as: "INFERENCE", to: { kind: "service", name: "ml-inference-service" }, access: "call" },
  { as: "ML_REQUESTS", to: queue("ml-requests"), access: "send" },
  { as: "ML_RESULTS", to: queue("ml-results"), access: "receive" },
];

export function backends({ feed, posts, ml, push, edge, kubernetes }: Settings): readonly Workload[] {
  const domain = kubernetes.domain ?? edge.domain;
  return [
    {
      kind: "worker",
      name: "data-ingestion-service",
      slug: "data-ingestion",
      image: { build: "data-ingestion" },
      compute: general(512, 1024),
      port: PROBE_PORT,
      env: {
        ...NODE,
        FEED_URL: feed.url,
        FEED_REST_URL: feed.restUrl,
        FEED_PRODUCTS: feed.products.join(","),
        ...(feed.kraken === null
          ? {}
          : {
              KRAKEN_FEED_URL: feed.kraken.url,
              KRAKEN_FEED_REST_URL: feed.kraken.restUrl,
              KRAKEN_FEED_PRODUCTS: feed.kraken.products.join(","),
            }),
        ...(posts.jetstreamUrl === null ? {} : { POSTS_JETSTREAM_URL: posts.jetstreamUrl }),
        ...(posts.rssUrls.length === 0 ? {} : { POSTS_RSS_URLS: posts.rssUrls.join(",") }),
        ...(posts.redditUrls.length === 0 ? {} : { POSTS_REDDIT_URLS: posts.redditUrls.join(",") }),
      },
      uses: [
        DATABASE,
        DEAD_LETTERS,
        { as: "PRICES", to: topic("prices"), access: "produce" },
        { as: "PRICES", to: topic("prices"), access: "consume", group: "prices-writer" },
        { as: "POSTS", to: topic("posts.raw"), access: "produce" },
        { to: { kind: "internet", name: "exchange feeds" }, access: "call", hosts: "any", ports: [443] },
      ],
      probes: probes(),
      // A feed has one reader, as has each source of posts, which holds a lease; the successor starts as a standby before it takes over.
      scaling: { singleton: true },
      rollout: DOUBLE,
      shutdown: SHUTDOWN,
      interruptible: false,
    },
    {
      kind: "worker",
      name: "preprocessing-service",
      slug: "preprocessing",
      image: { build: "preprocessing" },
      compute: general(1024, 2048),
      port: PROBE_PORT,
      env: NODE,
      uses: [
        DEAD_LETTERS,
        { as: "POSTS", to: topic("posts.raw"), access: "consume", group: "preprocessing" },
        { as: "CLEAN_POSTS", to: topic("posts.clean"), access: "produce" },
      ],
      probes: probes(),
      scaling: autoscaling({ min: 1, desired: 2, max: 12 }, 75, {
        lag: topic("posts.raw"),
        group: "preprocessing",
        perReplica: 2000,
      }),
      rollout: DOUBLE,
      shutdown: SHUTDOWN,
      interruptible: false,
    },
    {
      kind: "worker",
      name: "sentiment-processor",
      slug: "sentiment",
      image: { build: "sentiment" },
      compute: general(4096, 8192), // seed
      port: PROBE_PORT,
      env: NODE,
      uses: [
        DATABASE,
        DEAD_LETTERS,
        { as: "CLEAN_POSTS", to: topic("posts.clean"), access: "consume", group: "sentiment" },
        { as: "SENTIMENT", to: topic("sentiment"), access: "produce" },
        ...(ml ? SECOND_OPINION : []),
      ],
      probes: probes(),
      scaling: autoscaling({ min: 1, desired: 2, max: 10 }, 80, {
        lag: topic("posts.clean"),
        group: "sentiment",
        perReplica: 1000,
      }), // seed: 2, 1–10 at 80 %
      rollout: DOUBLE,
      shutdown: SHUTDOWN,
      interruptible: false,
    },
    {
      kind: "worker",
      name: "alert-service",
      slug: "alert",
      image: { build: "alert" },
      compute: general(512, 1024),
      port: PROBE_PORT,
      env: NODE,
      uses: [
        DATABASE,
        DEAD_LETTERS,
        { as: "PRICES", to: topic("prices"), access: "consume", group: "alert-prices" },
        { as: "SENTIMENT", to: topic("sentiment"), access: "consume", group: "alert-sentiment" },
        { as: "ALERTS", to: topic("alerts"), access: "produce" },
      ],
      probes: probes(),
      scaling: autoscaling({ min: 2, desired: 2, max: 6 }, 75),
      rollout: DOUBLE,
      shutdown: SHUTDOWN,
      interruptible: false,
    },
    {
      kind: "worker",
      name: "notification-service",
      slug: "notification",
      image: { build: "notification" },
      compute: general(512, 1024),
      port: PROBE_PORT,
      // Where the links in mails lead; without a name of its own the platform has none to give.
      env: { ...NODE, ...(domain === undefined ? {} : { PUBLIC_URL: `https://${domain}` }) },
      uses: [
        DATABASE,
        DEAD_LETTERS,
        { as: "ALERTS", to: topic("alerts"), access: "consume", group: "notification" },
        { as: "SMTP", to: { kind: "secret", name: "smtp" }, access: "read" },
        ...(push ? ([{ as: "VAPID", to: { kind: "secret", name: "vapid" }, access: "read" }] as const) : []),
        { to: { kind: "internet", name: "mail, webhooks, push" }, access: "call", hosts: "any", ports: [443, 587] },
      ],
      probes: probes(),
      scaling: autoscaling({ min: 1, desired: 2, max: 6 }, 75),
      rollout: DOUBLE,
      shutdown: SHUTDOWN,
      interruptible: false,
    },
    {
      kind: "job",
      name: "migrations",
      slug: "migrations",
      image: { build: "migrations" },
      compute: general(256, 512),
      env: NODE,
      uses: [DATABASE],
      trigger: { before: "rollout" },
      attempts: 3,
      deadline: 600,
      shutdown: { drain: 0, stopTimeout: 30 },
      interruptible: false,
    },
  ];
}
