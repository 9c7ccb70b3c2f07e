#!/usr/bin/env node
// The first file that a person starts: plain JavaScript, so that an old Node can read it and say what it lacks.
const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
  console.error(
    `This needs Node 24 or newer and this is ${process.versions.node}: use "npm run …", which brings its own on Linux, or install Node 24.`,
  );
  process.exit(2);
}
const { main } = await import("./cli.ts");
await main(process.argv.slice(2));
