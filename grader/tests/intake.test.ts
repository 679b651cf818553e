import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import test from "tape";
import type { Header } from "tar-stream";
import * as archives from "../attacks/archives";
import { LABS, type Lab } from "../course/labs";
import { findSubmissions } from "../submission/find";
import { readSubmission, SubmissionProblem } from "../submission/intake";

const [lab] = LABS;
const FILE = `${lab.folder}/raft.ts`;
const SOURCE = "export class Raft {}\n";

type Content = string | Buffer;
type Files = Readonly<Record<string, Content>>;

/** A .zip whose entries hold a program, where nothing else is said. */
function zip(entries: readonly (Partial<archives.ZipEntry> & Pick<archives.ZipEntry, "name">)[]): Buffer {
  return archives.zip(entries.map((entry) => ({ content: SOURCE, ...entry })));
}

type TarEntry = readonly [Partial<Header> & Pick<Header, "name">, Content?];

function tarGz(entries: readonly TarEntry[]): Promise<Buffer> {
  return archives.tarGz(entries.map(([header, content]) => ({ ...header, content })));
}

/** The header of a tar's entry, which may say what is not so. */
function tarHeader(name: string, size: number, type = "0"): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(size.toString(8).padStart(11, "0"), 124);
  header.write(`        ${type}`, 148);
  header.write("ustar\x0000", 257);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function zipOf(files: Files): Buffer {
  return zip(Object.entries(files).map(([name, content]) => ({ name, content })));
}

function tarGzOf(files: Files): Promise<Buffer> {
  return tarGz(Object.entries(files).map(([name, content]) => [{ name }, content]));
}

/** Runs `body` on a folder with these files, which is removed afterwards. */
async function inFolder(files: Files, body: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "intake-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text of raft.ts in a submission, or what its author is told. */
async function outcomeAt(place: string, of: Lab = lab): Promise<string> {
  try {
    return (await readSubmission(place, of)).files[0].text;
  } catch (error) {
    if (error instanceof SubmissionProblem) return error.message;
    throw error;
  }
}

/** The same for files in a folder. */
async function outcomeOf(files: Files, of: Lab = lab): Promise<string> {
  let outcome = "";
  await inFolder(
    Object.fromEntries(Object.entries(files).map(([name, content]) => [`ana/${name}`, content])),
    async (folder) => {
      mkdirSync(path.join(folder, "ana"), { recursive: true });
      outcome = await outcomeAt(path.join(folder, "ana"), of);
    },
  );
  return outcome;
}

/** The same for one file with that name. */
async function outcomeOfArchive(name: string, content: Content): Promise<string> {
  let outcome = "";
  await inFolder({ [name]: content }, async (folder) => {
    outcome = await outcomeAt(path.join(folder, name));
  });
  return outcome;
}

test("a folder, a .zip and a .tar.gz are read wherever the lab's files lie in them", async (t) => {
  for (const place of ["raft.ts", FILE, `labs/${FILE}`]) {
    for (const wrapper of ["", "raft-main/"]) {
      const files = { "README.md": "hello", [`${wrapper}${place}`]: SOURCE, "__MACOSX/._raft.ts": "x" };
      t.equal(await outcomeOf(files), SOURCE, `${wrapper}${place} in a folder`);
      t.equal(await outcomeOfArchive("ana.zip", zipOf(files)), SOURCE, `${wrapper}${place} in a .zip`);
      t.equal(
        await outcomeOfArchive("ana.TGZ", await tarGzOf(files)),
        SOURCE,
        `${wrapper}${place} in a .tgz`,
      );
    }
  }
});

test("the student's name is the folder's, or the archive's without its extension, and safe to print", async (t) => {
  const archives = { "ana.zip": zipOf({ [FILE]: SOURCE }), "b.c.tar.gz": await tarGzOf({ [FILE]: SOURCE }) };
  await inFolder({ ...archives, "d\x1b[31m\u202ee\n/raft.ts": SOURCE }, async (folder) => {
    const nameOf = async (place: string) => (await readSubmission(path.join(folder, place), lab)).student;
    t.equal(await nameOf("ana.zip"), "ana");
    t.equal(await nameOf("b.c.tar.gz"), "b.c");
    t.equal(await nameOf("d\x1b[31m\u202ee\n/"), "d\\u{1b}[31m\\u{202e}e⏎");
  });
});

test("a byte order mark goes, line ends stay, and stray bytes cost nothing", async (t) => {
  t.equal(await outcomeOf({ "raft.ts": "\uFEFFa\r\nb\r\n" }), "a\r\nb\r\n");
  t.equal(await outcomeOf({ "raft.ts": Buffer.from("// caf\xe9\n", "latin1") }), "// caf\uFFFD\n");
});

test("what is no source text is refused", async (t) => {
  const cases: readonly (readonly [Content, RegExp])[] = [
    ["", /raft\.ts is empty/],
    ["\uFEFF\r\n", /raft\.ts is empty/],
    [Buffer.from("\uFEFFabc", "utf16le"), /is UTF-16\. Save it as UTF-8/],
    [Buffer.from("abc", "utf16le"), /NUL bytes: it is UTF-16/],
    ["x".repeat(1_000_001), /has 1000001 bytes; at most 1000000 are read/],
  ];
  for (const [content, message] of cases) {
    t.match(await outcomeOf({ "raft.ts": content }), message, `a folder: ${message}`);
    t.match(await outcomeOfArchive("ana.zip", zipOf({ "raft.ts": content })), message, "a .zip");
    t.match(await outcomeOfArchive("ana.tgz", await tarGzOf({ "raft.ts": content })), message, "a .tgz");
  }
});

test("files that are nearly right get a hint", async (t) => {
  const cases: readonly (readonly [Files, RegExp])[] = [
    [{ "Raft2.ts": "x" }, /Expected raft\.ts in ana\/ or ana\/1-election\/; found Raft2\.ts\. Hand in/],
    [{}, /found an empty folder/],
    [
      { [`${lab.folder}/Raft.ts`]: "x" },
      /Expected raft\.ts in ana\/1-election\/; found Raft\.ts\. Rename it/,
    ],
    [{ "raft.js": "x" }, /found raft\.js\. The labs are written in TypeScript/],
    [{ "raft.mjs": "x" }, /found raft\.mjs\. The labs are written in TypeScript/],
    [{ "raft.ts.txt": "x" }, /found raft\.ts\.txt\. Rename it to raft\.ts/],
    [{ "raft (1).ts": "x" }, /found raft \(1\)\.ts\. Rename it/],
    [{ "1-Election/raft.ts": "x", "a/b": "x" }, /Expected the folder 1-election in ana\/; found 1-Election/],
    [{ "work.zip": "x" }, /found work\.zip\. An archive inside is not opened: hand in work\.zip itself/],
    [{ "src/deep/raft.ts": "x" }, /found deep\/ in ana\/src\//],
    [{ "\x1b[2J": "x" }, /found \\u\{1b\}\[2J/],
  ];
  for (const [files, message] of cases) t.match(await outcomeOf(files), message);
});

test("a file that is right comes before one that is nearly right", async (t) => {
  t.equal(await outcomeOf({ "raft.js": "x", [`labs/${FILE}`]: SOURCE }), SOURCE);
  t.equal(await outcomeOf({ "raft.js": "x", "ana-main/raft.ts": SOURCE }), SOURCE);
});

test("a file that is missing beside others is named", async (t) => {
  const twoFiles: Lab = { ...lab, files: ["raft.ts", "log.ts"] };
  t.match(
    await outcomeOf({ "raft.ts": SOURCE }, twoFiles),
    /Expected log\.ts in ana\/, beside the lab's other files; it is missing/,
  );
  t.match(
    await outcomeOf({ "raft.ts": SOURCE, "log.js": "x" }, twoFiles),
    /Expected log\.ts in ana\/; found log\.js/,
  );
});

test("another lab's files are called by their name", async (t) => {
  const later: Lab = { ...lab, number: "9", folder: "9-later", files: ["later.ts"] };
  t.match(
    await outcomeOf({ [`labs/${FILE}`]: SOURCE }, later),
    /Expected later\.ts of lab 9; found lab 1 \(Leader election\) in ana\/labs\/1-election\/\. Hand in lab 9/,
  );
});

test("twins that differ in case only are refused", async (t) => {
  const twins = { [FILE]: SOURCE, [`${lab.folder}/Raft.ts`]: SOURCE };
  const message = /Expected one raft\.ts in ana\/1-election\/; found Raft\.ts beside raft\.ts/;
  t.match(await outcomeOfArchive("ana.zip", zipOf(twins)), message);
  t.match(await outcomeOfArchive("ana.tgz", await tarGzOf(twins)), message);
  t.match(
    await outcomeOfArchive("ana.zip", zipOf({ [FILE]: SOURCE, "1-Election/raft.ts": SOURCE })),
    /Expected one 1-election in ana\/; found 1-Election beside 1-election/,
  );
});

test("links, pipes and folders in place of a file are refused, and none of them is waited for", async (t) => {
  const link = /Expected raft\.ts to be a file; found a link/;
  await inFolder({ "secret.ts": SOURCE, "elsewhere/raft.ts": SOURCE }, async (folder) => {
    const made = (name: string, make: (place: string) => void): Promise<string> => {
      mkdirSync(path.join(folder, name));
      make(path.join(folder, name));
      return outcomeAt(path.join(folder, name));
    };
    t.match(await made("a", (at) => symlinkSync("../secret.ts", path.join(at, "raft.ts"))), link);
    t.match(await made("b", (at) => symlinkSync("nowhere", path.join(at, "raft.ts"))), link);
    t.match(
      await made("c", (at) => symlinkSync("../elsewhere", path.join(at, lab.folder))),
      /1-election to be a folder; found a link/,
    );
    t.match(
      await made("d", (at) => symlinkSync("../elsewhere", path.join(at, "labs"))),
      /d\/labs to be a folder; found a link/,
    );
    t.match(
      await made("e", (at) => execFileSync("mkfifo", [path.join(at, "raft.ts")])),
      /found a device or pipe/,
    );
    t.match(await made("f", (at) => mkdirSync(path.join(at, "raft.ts"))), /found a folder/);
    symlinkSync("elsewhere", path.join(folder, "g"));
    t.match(await outcomeAt(`${path.join(folder, "g")}/`), /found a link, g/);
    execFileSync("mkfifo", [path.join(folder, "h.zip")]);
    t.match(await outcomeAt(path.join(folder, "h.zip")), /found a device or pipe, h\.zip/);
  });
  t.match(await outcomeOfArchive("ana.zip", zip([{ name: "raft.ts", mode: 0o120777 }])), link);
  t.match(await outcomeOfArchive("ana.zip", zip([{ name: "raft.ts", mode: 0o020666 }])), /device or pipe/);
  for (const type of ["symlink", "link", "fifo", "character-device"] as const)
    t.match(
      await outcomeOfArchive("ana.tgz", await tarGz([[{ name: "raft.ts", type, linkname: "/etc/passwd" }]])),
      /found a (link|device or pipe)/,
      type,
    );
});

test("odd things elsewhere in a submission are nobody's concern", async (t) => {
  await inFolder({ [`ana/${FILE}`]: SOURCE }, async (folder) => {
    mkdirSync(path.join(folder, "ana/node_modules/.bin"), { recursive: true });
    symlinkSync("/etc/passwd", path.join(folder, "ana/node_modules/.bin/tool"));
    symlinkSync("nowhere", path.join(folder, "ana/package.json"));
    t.equal(await outcomeAt(path.join(folder, "ana")), SOURCE);
  });
  const long = "n".repeat(3_000);
  t.equal(
    await outcomeOfArchive(
      "ana.zip",
      zip([
        { name: FILE },
        { name: `${lab.folder}/` },
        { name: "node_modules/.bin/tool", mode: 0o120777 },
        { name: long },
        { name: `${"d/".repeat(2_000)}raft.ts` },
        { name: "d/nested.zip", content: Buffer.alloc(100) },
      ]),
    ),
    SOURCE,
  );
  t.equal(
    await outcomeOfArchive(
      "ana.tar.gz",
      await tarGz([
        [{ name: "./", type: "directory" }],
        [{ name: `./${FILE}` }, SOURCE],
        [{ name: `./${lab.folder}/`, type: "directory" }],
        [{ name: "old/", type: "file" }],
        [{ name: "old/note.txt" }, "x"],
        [{ name: "./node_modules/.bin/tool", type: "symlink", linkname: "../../../etc" }],
        [{ name: "./pipe", type: "fifo" }],
        [{ name: `./${long}` }, "x"],
      ]),
    ),
    SOURCE,
  );
});

test("names that lead out of an archive are refused, wherever they stand", async (t) => {
  const names: readonly (readonly [string, RegExp])[] = [
    ["../raft.ts", /“\.\.\/raft\.ts”, which has “\.\.”/],
    ["a/b/c/d/e/../../x", /which leads out of the archive/],
    ["..", /which leads out of the archive/],
    ["/etc/passwd", /an absolute path/],
    ["C:/raft.ts", /a drive letter/],
    ["1-election\\raft.ts", /a backslash/],
  ];
  for (const [name, message] of names) {
    t.match(await outcomeOfArchive("ana.zip", zip([{ name: FILE }, { name }])), message, name);
    t.match(
      await outcomeOfArchive(
        "ana.tgz",
        await tarGz([
          [{ name: FILE }, SOURCE],
          [{ name }, "x"],
        ]),
      ),
      message,
      name,
    );
  }
  t.match(await outcomeOfArchive("ana.zip", zip([{ name: "raft.ts\0.png" }])), /a NUL character/);
  t.equal(await outcomeOfArchive("ana.zip", zip([{ name: FILE }, { name: "a..b/..c" }])), SOURCE);
});

test("two entries of one name are refused", async (t) => {
  const message = /Expected each name once in the archive; found “raft\.ts” twice/;
  t.match(await outcomeOfArchive("ana.zip", zip([{ name: "raft.ts" }, { name: "raft.ts" }])), message);
  t.match(await outcomeOfArchive("ana.zip", zip([{ name: "raft.ts" }, { name: "./raft.ts" }])), message);
  t.match(await outcomeOfArchive("ana.zip", zip([{ name: "raft.ts" }, { name: "raft.ts/x" }])), message);
  t.match(
    await outcomeOfArchive(
      "ana.tgz",
      await tarGz([
        [{ name: "raft.ts" }, "1"],
        [{ name: "raft.ts" }, "2"],
      ]),
    ),
    message,
  );
  t.match(
    await outcomeOfArchive(
      "ana.tgz",
      await tarGz([[{ name: lab.folder, type: "symlink", linkname: "/tmp" }], [{ name: FILE }, SOURCE]]),
    ),
    /found “1-election” twice/,
    "a file below a link",
  );
});

test("bombs do not go off", async (t) => {
  const megabytes = (count: number) => Buffer.alloc(count * 1_000_000);
  const many = Array.from({ length: 10_001 }, (_, i) => ({ name: `f${i}`, content: "" }));
  t.match(await outcomeOfArchive("ana.zip", zip(many)), /at most 10000 entries/);
  t.match(
    await outcomeOfArchive("ana.tgz", gzipSync(Buffer.concat(many.map(({ name }) => tarHeader(name, 0))))),
    /at most 10000 entries/,
  );
  const huge = /at most 100000000 bytes when the archive is unpacked/;
  t.match(await outcomeOfArchive("ana.zip", zip([{ name: "a", size: 100_000_001 }])), huge);
  t.match(
    await outcomeOfArchive("ana.zip", zip([{ name: "raft.ts", content: megabytes(2), size: 50 }])),
    /damaged or was cut off/,
    "more than was promised",
  );
  t.match(
    await outcomeOfArchive("ana.zip", zip([{ name: "raft.ts", content: "x", size: 999_999 }])),
    /damaged or was cut off/,
    "less than was promised",
  );
  const zeros = gzipSync(megabytes(1));
  const bomb = Buffer.concat(Array.from({ length: 121 }, () => zeros));
  t.match(await outcomeOfArchive("ana.tgz", bomb), huge, "121 MB of zeros in 0.1 MB");
  t.match(
    await outcomeOfArchive("ana.zip", Buffer.concat([zipOf({ [FILE]: SOURCE }), megabytes(20)])),
    /has \d+ bytes; at most 20000000 are read/,
  );
});

test("a tar that says one thing here and another there is refused before it costs time", async (t) => {
  const cases: readonly (readonly [Buffer, RegExp])[] = [
    [tarHeader("a", 100_000_001), /at most 100000000 bytes/],
    [tarHeader("a", -1), /a huge one/],
    [tarHeader("a/", 1, "5"), /a folder has content/],
    [tarHeader("pax_global_header", 1_001, "g"), /a header of type g has 1001 bytes/],
    [tarHeader("pax", 256_001, "x"), /a header of type x has 256001 bytes/],
  ];
  for (const [header, message] of cases)
    t.match(await outcomeOfArchive("ana.tgz", gzipSync(Buffer.concat([header, Buffer.alloc(512)]))), message);
  const wordy = Buffer.concat(
    Array.from({ length: 40 }, () => [tarHeader("pax", 256_000, "x"), Buffer.alloc(256_000)]).flat(),
  );
  t.match(
    await outcomeOfArchive("ana.tgz", gzipSync(wordy)),
    /at most 10000 entries/,
    "descriptions of nothing",
  );
  const description = Buffer.alloc(512);
  description.write("9 size=1\n");
  const misleading = [tarHeader("pax", 9, "x"), description, tarHeader("raft.ts", 20), description];
  t.match(
    await outcomeOfArchive("ana.tgz", gzipSync(Buffer.concat(misleading))),
    /at most 100000000 bytes/,
    "two sizes for one file",
  );
});

test("an archive with a password is refused", async (t) => {
  t.match(
    await outcomeOfArchive("ana.zip", zip([{ name: FILE, isEncrypted: true }])),
    /Expected an archive without a password; found “1-election\/raft\.ts” encrypted/,
  );
});

test("a damaged archive is refused, wherever it was cut or changed", async (t) => {
  const content = `${SOURCE}// ${"the quick brown fox ".repeat(20)}`;
  const archives = {
    "ana.zip": zipOf({ [FILE]: content, "other.txt": "x" }),
    "ana.tgz": await tarGzOf({ [FILE]: content, "other.txt": "x" }),
  };
  for (const [name, whole] of Object.entries(archives)) {
    for (let length = 4; length < whole.length; length += 7)
      t.match(
        await outcomeOfArchive(name, whole.subarray(0, length)),
        /damaged or was cut off|is called/,
        `${length} bytes of ${name}`,
      );
    for (let at = 0; at < whole.length; at += 3) {
      const changed = Buffer.from(whole);
      changed[at] ^= 0x41;
      t.equal(typeof (await outcomeOfArchive(name, changed)), "string", `byte ${at} of ${name} changed`);
    }
  }
  t.match(
    await outcomeOfArchive("ana.zip", zip([{ name: FILE, crc: 7 }])),
    /the checksum of 1-election\/raft\.ts/,
  );
});

test("a file that is no archive, or not one of ours, is told from one that is", async (t) => {
  const cases: readonly (readonly [string, Content, RegExp])[] = [
    ["ana.zip", "hello", /ana\.zip is called \.zip but is something else/],
    ["ana.zip", "", /is an empty file/],
    ["ana.zip", "Rar!\x1a\x07", /is a \.rar archive\. Renaming does not convert/],
    ["ana.zip", gzipSync("x"), /is a \.gz archive/],
    ["ana.tar.gz", zipOf({ [FILE]: SOURCE }), /called \.tar\.gz but is a \.zip archive/],
    ["ana.tgz", "<!DOCTYPE html>", /is a web page/],
    ["ana.tgz", gzipSync(SOURCE), /damaged or was cut off/],
    ["ana.tgz", gzipSync("x".repeat(2_000)), /damaged or was cut off/],
    ["ana.zip", zip([]), /found an empty folder/],
    ["ana.tgz", await tarGz([]), /found an empty folder/],
    ["ana.rar", "x", /Expected a folder, a \.zip or a \.tar\.gz \(\.tgz\); found ana\.rar/],
    ["ana.tar", "x", /found ana\.tar\. Pack your folder as one of these/],
    ["raft.ts", SOURCE, /found raft\.ts/],
  ];
  for (const [name, content, message] of cases) t.match(await outcomeOfArchive(name, content), message);
  t.match(await outcomeAt("/no/such/folder"), /There is no folder or archive \/no\/such\/folder/);
});

test("trouble of the disk is never the student's", async (t) => {
  const name = "n".repeat(300);
  await readSubmission(`/${name}`, lab).then(
    () => t.fail("no such name can exist"),
    (error: unknown) => {
      t.notOk(error instanceof SubmissionProblem);
      t.match(String(error), /ENAMETOOLONG/);
    },
  );
});

test("a class folder holds folders and archives, and nobody in it is overlooked", async (t) => {
  const files = {
    "ana/raft.ts": SOURCE,
    "ben/ben-main/labs/1-election/raft.ts": SOURCE,
    "chen.zip": "x",
    "dora.rar": "x",
    "eve/notes.txt": "x",
    "grades.csv": "x",
    ".DS_Store": "x",
    "__MACOSX/x": "x",
    ".git/x": "x",
  };
  await inFolder(files, (folder) => {
    symlinkSync("ana", path.join(folder, "finn"));
    const names = findSubmissions([folder], [lab]).map((place) => path.relative(folder, place));
    t.deepEqual(names, ["ana", "ben", "chen.zip", "dora.rar", "eve", "finn"]);
    t.deepEqual(
      findSubmissions([path.join(folder, "ana")], [lab]),
      [path.join(folder, "ana")],
      "one of them",
    );
    t.deepEqual(
      findSubmissions([path.join(folder, "eve")], [lab]),
      [path.join(folder, "eve")],
      "nothing in it",
    );
    t.throws(() => findSubmissions([path.join(folder, "grades.csv")], [lab]), /grades\.csv is a file/);
    t.throws(() => findSubmissions([path.join(folder, "none")], [lab]), /There is no folder/);
  });
});

test("two submissions with one name are refused", async (t) => {
  await inFolder({ "ana/raft.ts": SOURCE, "ana.zip": "x", "ben.tgz": "x" }, (folder) => {
    t.throws(
      () => findSubmissions([folder], [lab]),
      /Two submissions are called “ana”: .*ana and .*ana\.zip/,
    );
  });
});
