/** Makes what both sides of a migration share and what never moves, with its answers to the compiled JSON's placeholders. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Model } from "../model/types.ts";
import type { Settings } from "../settings.ts";
import { answers } from "./answers.ts";
import { createAlarms } from "./alarms.ts";
import { createApiGateway, type ApiGateway } from "./api-gateway.ts";
import { createStorage } from "./buckets.ts";
import { createCertificates } from "./certificate.ts";
import { contextOf } from "./context.ts";
import { createPrivateZone } from "./dns.ts";
import { createEdge, type Edge } from "./edge.ts";
import { createEndpoints } from "./endpoints.ts";
import { keyOf } from "./fill.ts";
import { createFirewall, createSiteFirewall } from "./firewall.ts";
import { buildImages, createRepositories } from "./images.ts";
import { createKey } from "./keys.ts";
import { createQueues } from "./messaging.ts";
import { publicNames } from "./names.ts";
import { createNetwork, type Network } from "./network.ts";
import { createCatalogueSecrets } from "./secrets.ts";
import { createSecurityGroups, type SecurityGroups } from "./security-groups.ts";
import type { Foundation } from "./shared.ts";
import { createSites, type Site } from "./site.ts";
import { createStores, refuseUnknownHosting } from "./stores.ts";
import { createLogGroups, recordNetwork } from "./telemetry.ts";
import { threeZones } from "./zones.ts";

/** One that this stack makes. */
export interface OwnFoundation extends Foundation {
  readonly network: Network;
  readonly securityGroups: SecurityGroups;
  readonly edge: Edge;
  readonly api: ApiGateway;
  /** By the site's name. */
  readonly sites: Readonly<Record<string, Site>>;
  /** Every answer by `kind.name.attribute`. ARNs and names, never a secret. */
  readonly values: Readonly<Record<string, pulumi.Output<string>>>;
}

/** @throws pulumi.RunError where the region cannot carry it, before anything is registered */
export async function createFoundation(model: Model, settings: Settings): Promise<OwnFoundation> {
  refuseUnknownHosting(model);
  const zones = await threeZones(settings.region);
  const context = contextOf(model, settings);
  const { accountId } = aws.getCallerIdentityOutput();
  const network = createNetwork(context, zones);
  const securityGroups = createSecurityGroups(context, network);
  const endpoints = createEndpoints(context, network, securityGroups.endpoints);
  recordNetwork(context, network);
  const secretsKey = createKey(context, "secrets", "Secrets Manager");
  const stores = createStores(context, network, securityGroups, secretsKey, [...network.ways, ...endpoints.all]);
  const queues = createQueues(context);
  const storage = createStorage(context, accountId);
  const secrets = {
    ...createCatalogueSecrets(context, secretsKey),
    ...Object.fromEntries(Object.values(stores).flatMap((store) => Object.entries(store.secrets))),
  };
  const names = publicNames(model, settings);
  const certificates = names && createCertificates(context, names);
  createPrivateZone(context, network, stores);
  const edge = createEdge(context, {
    network,
    group: securityGroups.edge,
    storage,
    secretsKey,
    names,
    certificates,
  });
  const api = createApiGateway(context, { network, edgeGroup: securityGroups.edge, edge, names, certificates });
  if (context.sizes.firewall) createFirewall(context, edge);
  const firewall = context.sizes.firewall ? createSiteFirewall(context) : undefined;
  const sites = createSites(context, { storage, edge, api, names, certificates, firewall });
  const logGroups = createLogGroups(context);
  const repositories = createRepositories(context);
  const values = answers({
    model,
    zones,
    network,
    securityGroups,
    stores,
    queues,
    secrets,
    endpoints,
    buckets: storage.buckets,
    logGroups,
    images: settings.images.build ? buildImages(context, repositories) : {},
  });
  return {
    model,
    settings,
    accountId,
    network,
    securityGroups,
    edge,
    api,
    secretsKey,
    sites,
    ready: [...network.ways, ...endpoints.all],
    alarmTopic: createAlarms(context, edge, api, queues, stores),
    logGroups,
    repositories,
    values,
    value: (placeholder) => {
      const found = values[keyOf(placeholder)];
      if (!found) throw new Error(`Nothing in the foundation answers \${${keyOf(placeholder)}}.`);
      return found;
    },
  };
}
