/** A report as SARIF 2.1.0, for code scanning. @source OASIS, "Static Analysis Results Interchange Format 2.1.0" */
import { blocks, violationsOf, type Checked, type Report, type Violation } from "../framework/report.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

/** What GitHub sorts findings by. @source GitHub docs, "SARIF support for code scanning", security-severity */
const SCORES: Readonly<Record<Checked["severity"], string>> = {
  low: "3.0",
  medium: "5.5",
  high: "8.0",
  critical: "9.5",
};

/** One run for each stack and target: a category of its own keeps one from closing the other's findings. */
export function sarif(reports: readonly Report[]): object {
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: reports.map((report) => ({
      tool: { driver: { name: "cryptotracker-policies", rules: report.rules.map(descriptor) } },
      automationDetails: { id: `policies/${report.stack}/${report.target}/` },
      results: violationsOf(report).map((violation) => result(violation, report)),
    })),
  };
}

function descriptor({ rule, description, severity, level }: Checked) {
  return {
    id: rule,
    shortDescription: { text: description },
    defaultConfiguration: { level: severityLevel({ level }), enabled: level !== "disabled" },
    properties: { "security-severity": SCORES[severity], tags: ["security", "policy"] },
  };
}

function result(violation: Violation, { stack, target }: Report) {
  const { rule, resource, urn, at, message } = violation;
  return {
    ruleId: rule,
    level: severityLevel(violation),
    message: { text: `${resource}: ${message}` },
    // A graph has no lines: the settings that made it are where somebody begins to look.
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: `Pulumi.${stack}.yaml` }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: urn || `${stack}/${target}`, kind: "resource" }],
      },
    ],
    partialFingerprints: { "finding/v1": [stack, target, rule, resource, at].join("/") },
  };
}

function severityLevel(of: Pick<Violation, "level">): "error" | "warning" {
  return blocks(of) ? "error" : "warning";
}
