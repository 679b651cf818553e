// Works without end.
require("node:fs").writeSync(4, "ready");
for (;;);
