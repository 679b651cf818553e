// Does what it can to live on: hears no signal, and starts processes in sessions of their own.
const { writeSync } = require("node:fs");
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => {});
let count = 0;
try {
  const { spawn } = require("node:child_process");
  for (let i = 0; i < 50; i++) {
    const child = spawn(process.execPath, ["-e", "for (;;);"], { detached: true, stdio: "inherit" });
    child.on("error", () => {});
    if (child.pid !== undefined) count += 1;
    child.unref();
  }
} catch {
  // No processes here.
}
writeSync(4, `${count} started`);
for (;;);
