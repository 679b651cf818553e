// Fills V8's heap, and tells how many MB it has so far.
const { writeSync } = require("node:fs");
const kept = [];
for (;;) {
  for (let i = 0; i < 10; i++) kept.push(new Array(1 << 17).fill(kept.length));
  writeSync(4, `${kept.length} `);
}
