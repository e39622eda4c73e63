/** TLS and client certificates: who is trusted, who is let in, what is said to the others. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  commandPath,
  type OwnServer,
  type ProgramResult,
  runProgram,
  startOwnServer,
} from "@bizops/testkit";
import { type Certified, createAuthority, type Subject } from "@bizops/testkit/certificates";
import { lines, record, schema } from "../use-target.ts";

const authority = createAuthority("the company's authority");
const stranger = createAuthority("an authority nobody knows");
/** The loader is let in by certificate, the test itself by password. */
const rules = `
hostssl all loader 127.0.0.1/32 cert
host    all bizops 127.0.0.1/32 scram-sha-256
`;

const folder = mkdtempSync(join(tmpdir(), "target-postgres-tls-"));
const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const clientFiles = (name: string, { certificate, key }: Certified) => ({
  TARGET_POSTGRES_SSL_CERT: write(`${name}.crt`, certificate),
  TARGET_POSTGRES_SSL_KEY: write(`${name}.key`, key),
});

const mode = (name: string) => ({ TARGET_POSTGRES_SSL_MODE: name });
const trusting = { TARGET_POSTGRES_SSL_ROOT_CERT: write("ca.crt", authority.certificate) };
const verifying = { ...mode("verify-full"), ...trusting };
const loader = clientFiles("loader", authority.issue({ commonName: "loader" }));
/** The loader has no password. */
const asLoader = { PG_ADDRESS: "localhost", PG_USERNAME: "loader", PG_PASSWORD: "" };

let server: OwnServer;
const serve = (subject: Partial<Subject>) => {
  const { certificate, key } = authority.issue({ commonName: "warehouse", ...subject });
  return {
    settings: { ssl: "on", ssl_ca_file: "root.crt" },
    files: {
      "server.crt": certificate,
      "server.key": key,
      "root.crt": authority.certificate,
      "pg_hba.conf": rules,
    },
  };
};
const here = serve({ hostNames: ["localhost"], addresses: ["127.0.0.1"] });

const load = (settings: { [name: string]: string }): Promise<ProgramResult> =>
  runProgram(commandPath("target-postgres"), [], {
    input: lines(schema("secured", { id: { type: "integer" } }), record("secured", { id: 1 })),
    environment: { ...server.environment, ...settings },
  });

const refused = async (settings: { [name: string]: string }, code: number, message: RegExp) => {
  const result = await load(settings);
  expect({ code: result.code, lines: result.stderr.trim().split("\n") }).toEqual({
    code,
    lines: [expect.stringMatching(message)],
  });
};
const accepted = async (settings: { [name: string]: string }) =>
  expect(await load(settings)).toMatchObject({ code: 0 });

beforeAll(async () => {
  server = await startOwnServer(here);
  await server.query("CREATE ROLE loader LOGIN; GRANT ALL ON SCHEMA public TO loader");
});
afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true });
});

describe("a server that is who it says", () => {
  test("a client certificate under verify-full loads", async () => {
    await accepted({ ...verifying, ...asLoader, ...loader });
    expect(
      await server.query("SELECT tableowner FROM pg_tables WHERE tablename = 'secured'"),
    ).toEqual([{ tableowner: "loader" }]);
    await server.query("DROP TABLE secured");
  });

  test("require works without an authority", () => accepted(mode("require")));

  test("a connection string takes the same settings", () =>
    accepted({
      TARGET_POSTGRES_CONNECTION_STRING: server.connectionString.replace("127.0.0.1", "localhost"),
      ...verifying,
    }));

  test("without TLS it refuses: exit 3, the message says so", () =>
    refused({ ...mode("disable"), ...asLoader }, 3, /TLS|SSL|encryption|ssl_mode/));
});

describe("a server that cannot be trusted", () => {
  test("its authority is not the one given: exit 2, the message names ssl_root_cert", () => {
    const other = write("other.crt", stranger.certificate);
    return refused(
      { ...mode("verify-full"), TARGET_POSTGRES_SSL_ROOT_CERT: other },
      2,
      /certificate.*ssl_root_cert/,
    );
  });

  test("its authority is unknown and none was given: exit 2, the message names ssl_root_cert", () =>
    refused(mode("verify-ca"), 2, /certificate.*ssl_root_cert/));

  test("a file that holds no certificate: exit 2, the message names the setting", async () => {
    const empty = write("empty.crt", "not a certificate\n");
    await refused(
      { ...mode("verify-full"), TARGET_POSTGRES_SSL_ROOT_CERT: empty },
      2,
      /ssl_root_cert/,
    );
    await refused(
      { ...verifying, ...asLoader, ...loader, TARGET_POSTGRES_SSL_CERT: empty },
      2,
      /ssl_cert/,
    );
  });

  test("an expired certificate: exit 2", async () => {
    await server.restart(serve({ hostNames: ["localhost"], expired: true }));
    await refused({ ...verifying, PG_ADDRESS: "localhost" }, 2, /certificate.*expired/);
    await accepted({ ...mode("require"), PG_ADDRESS: "localhost" });
  });

  test("another host's certificate: refused under verify-full, accepted under verify-ca", async () => {
    await server.restart(serve({ hostNames: ["other.example"], addresses: ["192.0.2.1"] }));
    await refused({ ...verifying, PG_ADDRESS: "localhost" }, 2, /certificate.*localhost/);
    await refused(verifying, 2, /certificate.*127\.0\.0\.1/);
    await accepted({ ...verifying, ...mode("verify-ca"), PG_ADDRESS: "localhost" });
    await accepted({ ...verifying, ...mode("verify-ca") });
  });

  test("under verify-full a name does not stand for its address, nor the address for the name", async () => {
    await server.restart(serve({ hostNames: ["localhost"] }));
    await refused(verifying, 2, /certificate.*127\.0\.0\.1/);
    await accepted({ ...verifying, PG_ADDRESS: "localhost" });
    await server.restart(serve({ addresses: ["127.0.0.1"] }));
    await accepted(verifying);
    await refused({ ...verifying, PG_ADDRESS: "localhost" }, 2, /certificate.*localhost/);
  });

  test("no TLS at all: exit 2 under require, the message names ssl_mode", async () => {
    await server.restart({ files: { "pg_hba.conf": "host all all 127.0.0.1/32 scram-sha-256\n" } });
    await refused(mode("require"), 2, /TLS|SSL/);
    await accepted(mode("disable"));
  });
});

describe("a client that cannot be trusted", () => {
  beforeAll(() => server.restart(here));

  test("no certificate: exit 3", () => refused({ ...verifying, ...asLoader }, 3, /certificate/));

  test("another role's certificate: exit 3", () => {
    const other = clientFiles("other-role", authority.issue({ commonName: "someone" }));
    return refused({ ...verifying, ...asLoader, ...other }, 3, /certificate|refused the user/);
  });

  test("a certificate of an authority the server does not know: exit 3", () => {
    const unknown = clientFiles("unknown", stranger.issue({ commonName: "loader" }));
    return refused({ ...verifying, ...asLoader, ...unknown }, 3, /certificate/);
  });

  test("a key that is not the certificate's: exit 2, the message names ssl_key", () => {
    const { TARGET_POSTGRES_SSL_KEY } = clientFiles("mixed", authority.issue({ commonName: "x" }));
    return refused({ ...verifying, ...asLoader, ...loader, TARGET_POSTGRES_SSL_KEY }, 2, /ssl_key/);
  });
});
