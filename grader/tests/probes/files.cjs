// Opens its own code until there are no descriptors left, and tells how many there were.
const { openSync, writeSync } = require("node:fs");
let count = 0;
try {
  while (count < 4_000) {
    openSync(__filename, "r");
    count += 1;
  }
} catch {
  // No more of them.
}
writeSync(4, String(count));
