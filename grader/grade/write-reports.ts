import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { classReport } from "./class-report";
import { htmlReport } from "./html-report";
import { type LabResult, labFile, standingsData } from "./standings";
import { writeStudentFiles } from "./student-files";
import { withReasons } from "./with-reasons";

/** The overview of several labs. */
const OVERVIEW = "class.html";
const OVERVIEW_DATA = "class.json";

/** Where a grading was written. */
export interface Written {
  /** The page to open first. */
  readonly report: string;
  readonly data: string;
  /** The folder of the students' copies. */
  readonly copies: string;
}

/** Writes a report, data and students' copies for each lab, and an overview if there are several. */
export function writeReports(out: string, labs: readonly LabResult[]): Written {
  mkdirSync(out, { recursive: true });
  const write = (file: string, text: string): string => {
    const full = path.join(out, file);
    writeFileSync(full, text);
    return full;
  };
  const copies = path.join(out, "students");
  const isAlone = labs.length === 1;
  const written = labs.map(({ lab, result }) => {
    writeStudentFiles(path.join(copies, lab.folder), result, out);
    return {
      report: write(labFile(lab, "html"), htmlReport(result, isAlone ? undefined : OVERVIEW)),
      data: write(labFile(lab, "json"), jsonText(withReasons(result))),
      copies,
    };
  });
  if (isAlone) return written[0];
  return {
    report: write(OVERVIEW, classReport(labs)),
    data: write(OVERVIEW_DATA, jsonText(standingsData(labs))),
    copies,
  };
}

function jsonText(data: object): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}
