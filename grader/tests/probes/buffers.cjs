// Takes memory outside of V8's heap, and tells how many MB it has so far.
const { writeSync } = require("node:fs");
const kept = [];
while (kept.length < 4_000) {
  for (let i = 0; i < 10; i++) kept.push(Buffer.alloc(1 << 20, 1));
  writeSync(4, `${kept.length} `);
}
