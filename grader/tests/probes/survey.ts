import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { LABS, ROOT } from "../../course/labs";
import type { Walls } from "../../judge/walls-kinds";
import { Probe } from "./probe";

/** What a hostile program could do, and what not. */
export interface Survey {
  readonly granted: readonly string[];
  /** Why, by attempt. */
  readonly refused: Readonly<Record<string, string>>;
  /** Descriptors of files or folders that it was started with. */
  readonly files: readonly number[];
  readonly environment: Readonly<Record<string, string>>;
  /** As `process.report` has them: "unlimited" or a number. */
  readonly limits: Readonly<
    Record<string, { readonly soft: number | string; readonly hard: number | string }>
  >;
  /** What came of it on this side: datagrams, connections, and a private file. */
  readonly datagrams: number;
  readonly connections: number;
  readonly privateText: string;
}

/** Has a hostile program try all it can against this process, which listens on every kind of socket. */
export async function surveyWithin(walls: Walls): Promise<Survey> {
  const folder = mkdtempSync(path.join(tmpdir(), "raft-walls-"));
  const at = (name: string): string => path.join(folder, name);
  const hiddenFile = path.join(ROOT, "grader", "suites", LABS[0].folder, "hidden", "index.ts");
  const abstractSocket = `raft-walls-${process.pid}`;
  let connections = 0;
  let datagrams = 0;
  const count = (): void => {
    connections += 1;
  };
  const tcp = createServer(count).listen(0, "127.0.0.1");
  const unix = createServer(count).listen(at("socket"));
  const abstract = createServer(count).listen(`\0${abstractSocket}`);
  const udp = createSocket("udp4").bind(0, "127.0.0.1");
  udp.on("message", (datagram, { port, address }) => {
    datagrams += 1;
    udp.send(noSuchName(datagram), port, address);
  });
  try {
    await Promise.all([tcp, unix, abstract, udp].map((server) => once(server, "listening")));
    // Open to everybody, so that nothing but walls is in the way.
    for (const place of [folder, at("socket")]) chmodSync(place, 0o777);
    writeFileSync(at("private"), "private", { mode: 0o600 });
    symlinkSync(hiddenFile, at("link"));
    const told = {
      folder,
      privateFile: at("private"),
      link: at("link"),
      repositoryFile: path.join(ROOT, "package.json"),
      hiddenFile,
      addOn: require.resolve(`@swc/core-${process.platform}-${process.arch}-gnu`),
      home: homedir(),
      judge: process.pid,
      tcpPort: Reflect.get(Object(tcp.address()), "port"),
      udpPort: udp.address().port,
      socket: at("socket"),
      abstractSocket,
    };
    const { answer } = await new Probe(walls, "survey", told).ended;
    return {
      ...JSON.parse(answer),
      datagrams,
      connections,
      privateText: readFileSync(at("private"), "utf8"),
    };
  } finally {
    for (const server of [tcp, unix, abstract, udp]) server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A DNS server's answer to any question. */
function noSuchName(question: Buffer): Buffer {
  const answer = Buffer.from(question);
  answer[2] |= 0x80;
  answer[3] = 3;
  return answer;
}
