// Tries whatever a hostile program may try, and tells its judge what it got. `TOLD` stands before this text.
const fs = require("node:fs");
const net = require("node:net");

/** @type {Record<string, () => unknown>} What to try: it throws, rejects or returns false if it is refused. */
const ATTEMPTS = {
  "read /etc/passwd": () => fs.readFileSync("/etc/passwd"),
  "read the repository": () => fs.readFileSync(TOLD.repositoryFile),
  "read the hidden suite": () => fs.readFileSync(TOLD.hiddenFile),
  "read a private file": () => fs.readFileSync(TOLD.privateFile),
  "follow a link": () => fs.readFileSync(TOLD.link),
  "list the home folder": () => fs.readdirSync(TOLD.home),
  "list the temporary folder": () => fs.readdirSync(TOLD.folder),
  "list the root folder": () => fs.readdirSync("/"),

  "read /proc/self/environ": () => fs.readFileSync("/proc/self/environ"),
  "read /proc/1/environ": () => fs.readFileSync("/proc/1/environ"),
  "read the judge's environment": () => fs.readFileSync(`/proc/${TOLD.judge}/environ`),
  "read the judge's command line": () => fs.readFileSync(`/proc/${TOLD.judge}/cmdline`),
  "list the judge's files": () => fs.readdirSync(`/proc/${TOLD.judge}/fd`),
  "open the judge's memory": () => fs.closeSync(fs.openSync(`/proc/${TOLD.judge}/mem`, "r")),
  "list processes": () => fs.readdirSync("/proc").some((name) => /^\d+$/.test(name)),

  "make a file in the temporary folder": () => makeFile(TOLD.folder),
  "make a file in the root folder": () => makeFile("/"),
  "make a file beside itself": () => makeFile(require("node:path").dirname(__filename)),
  "make a file in /dev/shm": () => makeFile("/dev/shm"),
  "fill a file": () => fillFile(TOLD.folder),
  "change its own code": () => fs.appendFileSync(__filename, "//"),
  "open its own code for changes": () => fs.chmodSync(__filename, 0o666),
  "change the judge's file": () => fs.truncateSync(TOLD.privateFile),

  "talk to a TCP port": () => connect({ port: TOLD.tcpPort, host: "127.0.0.1" }),
  "send to a UDP port": () => sendDatagram(TOLD.udpPort),
  "ask a DNS server": () => askDns(TOLD.udpPort),
  "talk to a Unix socket": () => connect({ path: TOLD.socket }),
  "talk to an abstract Unix socket": () => connect({ path: `\0${TOLD.abstractSocket}` }),
  "listen on a TCP port": () => listen(),

  "start Node": () => require("node:child_process").spawnSync(process.execPath, ["--version"]).status === 0,
  "start a shell": () => require("node:child_process").spawnSync("/bin/sh", ["-c", "exit 0"]).status === 0,
  "start a thread": () => startThread(),
  "signal the judge": () => process.kill(TOLD.judge, 0),
  "become another user": () => process.setuid(1),
  "load an add-on": () => process.dlopen({ exports: {} }, TOLD.addOn),
  "open an inspector": () => openInspector(),
  "make code from text": () => new Function("return 1")(),
};

function makeFile(folder) {
  const file = `${folder}/made-by-a-cell-${process.pid}`;
  fs.closeSync(fs.openSync(file, "wx"));
  fs.unlinkSync(file);
}

function fillFile(folder) {
  const file = `${folder}/filled-by-a-cell-${process.pid}`;
  fs.writeFileSync(file, "full");
  fs.unlinkSync(file);
}

function connect(address) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(address);
    socket.once("connect", () => resolve(socket.destroy()));
    socket.once("error", reject);
  });
}

function sendDatagram(port) {
  return new Promise((resolve, reject) => {
    const socket = require("node:dgram").createSocket("udp4");
    socket.once("error", reject);
    socket.send("hello", port, "127.0.0.1", (error) => {
      if (error) reject(error);
      else resolve(socket.close());
    });
  });
}

function askDns(port) {
  const { Resolver } = require("node:dns/promises");
  const resolver = new Resolver({ timeout: 300, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return resolver.resolve4("raft.example").catch((error) => {
    if (error.code !== "ENOTFOUND") throw error;
  });
}

function listen() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, () => resolve(server.close()));
  });
}

function startThread() {
  return new Promise((resolve, reject) => {
    const thread = new (require("node:worker_threads").Worker)("", { eval: true });
    thread.once("error", reject);
    thread.once("exit", resolve);
  });
}

function openInspector() {
  const inspector = require("node:inspector");
  inspector.open(0, "127.0.0.1");
  return inspector.url() !== undefined;
}

async function attempt(work) {
  const tooLate = new Promise((_, reject) => {
    setTimeout(() => reject(Object.assign(new Error(), { code: "silence" })), 2_000).unref();
  });
  try {
    return (await Promise.race([work(), tooLate])) === false ? "false" : undefined;
  } catch (error) {
    return String(error.code ?? error.name);
  }
}

/** What is open at the start, besides Node's own pipes. */
function openFiles() {
  const found = [];
  for (let descriptor = 0; descriptor < 64; descriptor++) {
    try {
      const opened = fs.fstatSync(descriptor);
      if (opened.isFile() || opened.isDirectory()) found.push(descriptor);
    } catch {
      // Not open.
    }
  }
  return found;
}

(async () => {
  const files = openFiles();
  const granted = [];
  const refused = {};
  for (const [name, work] of Object.entries(ATTEMPTS)) {
    const why = await attempt(work);
    if (why === undefined) granted.push(name);
    else refused[name] = why;
  }
  const { userLimits } = process.report.getReport();
  const answer = { granted, refused, files, environment: process.env, limits: userLimits };
  fs.writeSync(4, JSON.stringify(answer));
  process.exit(0);
})();
