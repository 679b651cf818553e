import { decodedMappings, TraceMap } from "@jridgewell/trace-mapping";
import type { LineMap } from "../../labs/kit/host/student-line";

/** Reads a bundle's source map: where in the student's files each of its lines comes from. */
export function lineMapOf(sourceMap: string): LineMap {
  const map = new TraceMap(sourceMap);
  const files = map.sources.map((source) => source?.replace(/^.*student:/, "") ?? "");
  return decodedMappings(map).map((pieces) =>
    pieces.flatMap(([column, file, line]) =>
      file === undefined || line === undefined ? [] : [[column, `${files[file]}:${line + 1}`] as const],
    ),
  );
}
