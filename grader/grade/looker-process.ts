import { contentsAt } from "./contents";
import type { Looked } from "./looker";

/** A process that looks into one archive after the other. */
process.on("message", async (place: string) => {
  process.send?.({ contents: await contentsAt(place) } satisfies Looked);
});
process.on("disconnect", () => process.exit());
