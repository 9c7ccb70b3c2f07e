/** Runs the program once under mocks and prints what it registered. Its own process: a program runs once in each. */
import { runProgram, type Request } from "../../../policies/program/run.ts";

process.on("unhandledRejection", (reason) => {
  console.error(reason);
  process.exit(3);
});
const request = JSON.parse(process.argv[2] ?? "{}") as Omit<Request, "strange">;
const { resources, ...rest } = await runProgram({ ...request, strange: "refused" });
// Of what mocks answer, tests ask the inputs only.
const run = { ...rest, resources: resources.map((resource) => ({ ...resource, state: undefined })) };
process.stdout.write(JSON.stringify(run), () => process.exit(0));
