// Writes to standard error without end.
require("node:fs").writeSync(4, "ready");
for (;;) require("node:fs").writeSync(2, "x".repeat(1 << 16));
