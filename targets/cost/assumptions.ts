/**
 * What no price list knows: how much of everything is used. Estimates of ours, all in this place; a price file replaces
 * them by what a bill says. Traffic has three levels, as replicas have.
 */
import type { PriceBook } from "./price-book.ts";

export const ASSUMPTIONS: PriceBook["assumptions"] = {
  // AWS says "up to 70 % less" for Fargate Spot; GPU spot in us-east-1 is rarely below half.
  spotShare: { fargate: 0.4, instance: 0.5 },
  // One each working day, and some that are repeated.
  rolloutsMonth: 30,
  millionRequests: { min: 5, desired: 20, max: 200 },
  capacityUnits: { min: 1, desired: 4, max: 30 },
  // Exchange feeds, mail, webhooks; AWS itself is reached through endpoints.
  natGb: { min: 50, desired: 150, max: 500 },
  // Image layers come from S3, whose gateway costs nothing; logs are what remains.
  endpointGb: { min: 50, desired: 150, max: 600 },
  outGb: { min: 20, desired: 100, max: 1000 },
  siteGb: { min: 5, desired: 30, max: 300 },
  siteMillionRequests: { min: 1, desired: 5, max: 50 },
  millionMessages: { min: 1, desired: 5, max: 20 },
  // One request in twenty is traced.
  millionTraces: { min: 0.25, desired: 1, max: 10 },
  logGbReplica: 2,
  sharedLogGb: { min: 10, desired: 30, max: 150 },
  insightsMetrics: { ecs: 40, eks: 120 },
  customMetrics: 50,
  storedGb: 100,
  snapshotShare: 1.5,
};
