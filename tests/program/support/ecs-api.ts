/** An ECS API of ours on this machine, for the handlers that call the real one through the AWS SDK. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface EcsApi {
  /** Ends it and gives the environment back as it was. */
  stop(): void;
}

/** Where the SDK finds whom to ask and how to sign; nothing here opens any door. */
const ENVIRONMENT = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

/** Points the SDK of this process to `answer`. Start it before a handler is imported: the address is read then. */
export async function startEcsApi(
  answer: (asked: Asked) => { readonly status?: number; readonly body: object },
  environment: Readonly<Record<string, string>> = {},
): Promise<EcsApi> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const action = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
      const { status = 200, body } = answer({
        action,
        body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
      });
      response.statusCode = status;
      response.setHeader("content-type", "application/x-amz-json-1.1");
      response.end(JSON.stringify(body));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const wanted = { ...ENVIRONMENT, ...environment, AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${port}` };
  const kept = Object.keys(wanted).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, wanted);
  return {
    stop: () => {
      server.close();
      for (const [name, value] of kept) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    },
  };
}
