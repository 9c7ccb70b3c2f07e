/** The arrows of the design: index.ts and cli.ts → targets → platform; services → nobody. */
/** Where Pulumi may be loaded; everything else is pure. */
const deploys = "^(platform/foundation/|targets/alb/|targets/deployers\\.ts|targets/[^/]+/deploy[^/]*\\.(ts|mjs)$)";
/** The stage on AWS and the way to it, which is imported when it is asked for: tests/contracts/pure.test.ts looks at what is loaded. */
const drivesStacks = "^(cli\\.ts|targets/commands/rehearse[^/]*\\.ts|targets/migration/stages/aws/adapters/)";

export default {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "platform-knows-no-target",
      severity: "error",
      from: { path: "^platform/" },
      to: { path: "^(targets|services|policies)/" },
    },
    {
      name: "services-know-nobody",
      severity: "error",
      from: { path: "^services/" },
      to: { path: "^(platform|targets|policies)/|^(index|cli)\\.ts" },
    },
    {
      name: "targets-know-no-service",
      comment: "The local runtime starts services as processes; it never imports them.",
      severity: "error",
      from: { path: "^targets/" },
      to: { path: "^(services|policies)/|^(index|cli)\\.ts" },
    },
    {
      name: "a-service-knows-only-shared",
      severity: "error",
      from: { path: "^services/([^/]+)/", pathNot: "^services/shared/" },
      to: { path: "^services/", pathNot: "^services/($1|shared)/" },
    },
    {
      name: "model-imports-nothing",
      severity: "error",
      from: { path: "^platform/model/" },
      to: { pathNot: "^platform/model/" },
    },
    {
      name: "pure-files-load-no-pulumi",
      severity: "error",
      from: { path: "^(platform|targets)/|^cli\\.ts", pathNot: [deploys, drivesStacks] },
      to: { path: "@pulumi/", reachable: true },
    },
    {
      name: "policies-know-only-the-model",
      comment:
        "A pack is loaded by the engine: rules read a graph, and share with the platform its terms alone. A budget is held against the price book of `npm run cost`, which is data.",
      severity: "error",
      from: { path: "^policies/", pathNot: "^policies/(main|config/generate)\\.ts$" },
      to: {
        path: "^(platform|targets|services|tests)/|^(index|cli)\\.ts",
        pathNot: "^platform/model/|^targets/cost/(prices|price-book|money)\\.ts$",
      },
    },
    {
      name: "the-pack-loads-no-fixture-and-runs-no-program",
      severity: "error",
      from: { path: "^policies/index\\.ts$" },
      to: { path: "fixtures\\.ts$|^policies/(program|report)/|^policies/(main|command)\\.ts$", reachable: true },
    },
    {
      name: "the-policy-command-starts-what-loads-pulumi",
      comment: "The SDK alone takes longer than all else that the command does; main.ts is a process of its own.",
      severity: "error",
      from: { path: "^policies/(command|report/[^/]+)\\.ts$" },
      to: { path: "@pulumi/", reachable: true },
    },
    {
      name: "readers-share-only-types-with-the-model",
      comment: "A slip in a helper that writer and reader share would cancel itself out.",
      severity: "error",
      from: { path: "^targets/[^/]+/read[.-]" },
      to: {
        pathNot:
          "^(platform/model/(types|behaviour)\\.ts|targets/target\\.ts|targets/$1|targets/[^/]+/(forms|read[^/]*)\\.ts)$",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".mjs", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
    },
  },
};
