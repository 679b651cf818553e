import { type TarEntry, tarGz, type ZipEntry, zip } from "../archives";
import type { Line } from "../attack";
import { HONEST } from "../honest";
import { archive, pipe, type Submission } from "../submission";

const honest = { name: "raft.ts", content: HONEST };
const inZip = (...entries: readonly ZipEntry[]): Submission => archive(".zip", () => zip(entries));
const inTar = (...entries: readonly TarEntry[]): Submission => archive(".tar.gz", () => tarGz(entries));

export const ARCHIVES: Line = {
  number: 33,
  title: "Archives that mean harm",
  happens:
    "Nothing is unpacked to the disk. Names that lead out, doubles and bombs are refused; `grader/tests/intake.test.ts` has many more.",
  attacks: [
    {
      id: "33a",
      does: "a name with ../",
      submission: inTar(honest, { name: "../../evil.ts" }),
      verdict: "refused",
      says: /leads out of the archive/,
    },
    {
      id: "33b",
      does: "an absolute name",
      submission: inZip(honest, { name: "/etc/passwd", content: "x" }),
      verdict: "refused",
      says: /an absolute path/,
    },
    {
      id: "33c",
      does: "backslashes",
      submission: inZip({ ...honest, name: "1-election\\raft.ts" }),
      verdict: "refused",
      says: /a backslash/,
    },
    {
      id: "33d",
      does: "a bomb: 120 MB of zeros in 0.1 MB",
      submission: inZip(honest, { name: "zeros", content: Buffer.alloc(120_000_000) }),
      verdict: "refused",
      says: /at most 100000000 bytes/,
    },
    {
      id: "33e",
      does: "a size that is not so",
      submission: inZip({ ...honest, size: 7 }),
      verdict: "refused",
      says: /damaged or was cut off/,
    },
    {
      id: "33f",
      does: "an archive in an archive",
      submission: inZip({ name: "work.zip", content: zip([honest]) }),
      verdict: "refused",
      says: /An archive inside is not opened/,
    },
    {
      id: "33g",
      does: "a device",
      submission: inTar({ name: "raft.ts", type: "character-device" }),
      verdict: "refused",
      says: /found a device or pipe/,
    },
    {
      id: "33h",
      does: "a pipe instead of raft.ts",
      submission: pipe("raft.ts"),
      verdict: "refused",
      says: /found a device or pipe/,
    },
    {
      id: "33i",
      does: "a hard link",
      submission: inTar({ name: "raft.ts", type: "link", linkname: "/etc/passwd" }),
      verdict: "refused",
      says: /found a link/,
    },
    {
      id: "33j",
      does: "a password",
      submission: inZip({ ...honest, isEncrypted: true }),
      verdict: "refused",
      says: /without a password/,
    },
    {
      id: "33k",
      does: "one name twice",
      submission: inZip(honest, { name: "raft.ts", content: "x" }),
      verdict: "refused",
      says: /found “raft\.ts” twice/,
    },
    {
      id: "33l",
      does: "Raft.ts beside raft.ts",
      submission: inTar(honest, { name: "Raft.ts", content: HONEST }),
      verdict: "refused",
      says: /found Raft\.ts beside raft\.ts/,
    },
    {
      id: "33m",
      does: "a name of 255 bytes, and 1,000 folders in each other",
      submission: inTar(honest, { name: "n".repeat(255) }, { name: `${"d/".repeat(1_000)}raft.ts` }),
      verdict: "no effect",
    },
    {
      id: "33n",
      does: "10,001 entries",
      submission: inZip(...Array.from({ length: 10_001 }, (_, i) => ({ name: `f${i}`, content: "" }))),
      verdict: "refused",
      says: /at most 10000 entries/,
    },
    {
      id: "33o",
      does: "no archive at all",
      submission: archive(".zip", () => Buffer.from("<!DOCTYPE html>")),
      verdict: "refused",
      says: /web page/,
    },
  ],
};
