// Starts threads, and tells how many there were.
const { writeSync } = require("node:fs");
const { Worker } = require("node:worker_threads");
let count = 0;
(async () => {
  process.on("uncaughtException", () => process.exit(0));
  while (count < 300) {
    const thread = new Worker("setInterval(() => {}, 1000)", { eval: true });
    await new Promise((resolve, reject) => thread.once("online", resolve).once("error", reject));
    count += 1;
    writeSync(4, `${count} `);
  }
  process.exit(0);
})();
