import { ENTRIES_MAX, tooMany, tooMuch, UNPACKED_BYTES_MAX } from "./archive-tree";
import { damaged } from "./damage";

const BLOCK_BYTES = 512;
const NOTHING = Buffer.alloc(0);
/** Beyond the files themselves, a tar has headers and padding. */
const TAR_BYTES_MAX = UNPACKED_BYTES_MAX + 20_000_000;
/** Bytes that one description may have, by its type. One for the whole archive is copied for every entry. */
const DESCRIPTION_BYTES_MAX: ReadonlyMap<string, number> = new Map([
  ["g", 1_000],
  ["x", 256_000],
  ["L", 256_000],
  ["N", 256_000],
  ["K", 256_000],
]);
/** Bytes that all descriptions may have together: some seconds of parsing. */
const DESCRIPTIONS_BYTES_MAX = 10_000_000;
/** An entry may have two: for its long name, and for its dates and attributes. */
const DESCRIPTIONS_MAX = 2 * ENTRIES_MAX;

/**
 * Passes a tar on, and ends it before its reader is given what would keep it busy for hours: the library parses and
 * merges descriptions of any number, in one go.
 * @throws SubmissionProblem if there is too much of something
 */
export async function* guardedTar(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const guard = new TarGuard();
  for await (const chunk of chunks) {
    guard.see(chunk);
    yield chunk;
  }
}

/** Finds the headers in a tar that comes in pieces, and counts. */
class TarGuard {
  private bytes = 0;
  private descriptions = 0;
  private descriptionBytes = 0;
  /** What has come of the next header: less than a block. */
  private header: Buffer = NOTHING;
  /** Bytes before the next header. */
  private toSkip = 0;

  see(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > TAR_BYTES_MAX) throw tooMuch();
    for (let at = 0; at < chunk.length; ) {
      const wanted = this.toSkip > 0 ? this.toSkip : BLOCK_BYTES - this.header.length;
      const piece = chunk.subarray(at, at + wanted);
      at += piece.length;
      if (this.toSkip > 0) this.toSkip -= piece.length;
      else this.takeHeader(piece);
    }
  }

  private takeHeader(piece: Buffer): void {
    const header = this.header.length === 0 ? piece : Buffer.concat([this.header, piece]);
    this.header = header.length < BLOCK_BYTES ? header : NOTHING;
    if (header.length < BLOCK_BYTES) return;
    this.toSkip = contentBytes(header);
    if (!DESCRIPTION_BYTES_MAX.has(typeOf(header))) return;
    this.descriptions += 1;
    this.descriptionBytes += this.toSkip;
    if (this.descriptions > DESCRIPTIONS_MAX || this.descriptionBytes > DESCRIPTIONS_BYTES_MAX)
      throw tooMany();
  }
}

function typeOf(header: Buffer): string {
  return header.toString("latin1", 156, 157);
}

/** Bytes that follow a header up to the next one. */
function contentBytes(header: Buffer): number {
  const size = sizeIn(header);
  const type = typeOf(header);
  const sizeMax = DESCRIPTION_BYTES_MAX.get(type);
  if (sizeMax !== undefined && size > sizeMax)
    throw damaged(`a header of type ${type} has ${size} bytes, at most ${sizeMax} are read`);
  // A folder has no content. Programs differ in what they make of one that says it has.
  if (type === "5" && size > 0) throw damaged("a folder has content");
  return Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
}

/** Only the usual notation: the other one is for more bytes than any submission may have. */
function sizeIn(header: Buffer): number {
  const digits = /^ *(?<octal>[0-7]*)[ \0]*$/.exec(header.toString("latin1", 124, 136))?.groups?.octal;
  if (digits === undefined) throw damaged("an entry's size is no number, or a huge one");
  return Number.parseInt(digits || "0", 8);
}
