/** `node junit-summary.mjs FILE`: a JUnit report as a Markdown table, with what failed below it, for a run's summary. */
import { readFileSync } from "node:fs";

const xml = readFileSync(process.argv[2] ?? "", "utf8");
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };
const plain = (text) => text.replace(/&(lt|gt|quot|amp);/g, (entity) => ENTITIES[entity]);
const attribute = (tag, name) => plain(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "");

const suites = xml.split("<testsuite ").slice(1);
const cells = ["name", "tests", "failures", "skipped"];
console.log(`| ${cells.join(" | ")} |\n| ${cells.map(() => "---").join(" | ")} |`);
for (const suite of suites) {
  const [head = ""] = suite.split(">");
  console.log(`| ${cells.map((cell) => attribute(` ${head}`, cell)).join(" | ")} |`);
}
for (const suite of suites) {
  for (const [, head, text] of suite.matchAll(/<testcase([^>]*)><failure[^>]*>([^<]*)<\/failure>/g)) {
    console.log(`\n**${attribute(` ${suite.split(">")[0]}`, "name")}: ${attribute(head, "name")}**\n`);
    // Indented, it is code: nothing in it is read as Markdown.
    for (const line of plain(text).split("\n")) console.log(`    ${line}`);
  }
}
