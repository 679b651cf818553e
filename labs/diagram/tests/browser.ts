import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable, Writable } from "node:stream";

/** Chromium, where this machine has it. */
export const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (file) => existsSync(file),
);

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--hide-scrollbars",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-pipe",
];

/** The keys that tests press, with the numbers by which browsers know them. */
const KEY_CODES: Readonly<Record<string, number>> = {
  Enter: 13,
  Escape: 27,
  PageDown: 34,
  End: 35,
  Home: 36,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
};
const SHIFT = 8;

type Fields = Readonly<Record<string, unknown>>;
type Answer = Readonly<Record<string, unknown>>;

export interface Window {
  readonly width: number;
  readonly height: number;
  readonly isDark?: boolean;
}

/** A browser without a window, spoken to over pipes in the Chrome DevTools Protocol. */
export class Browser {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "diagram-browser-"));
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  private readonly listeners: ((method: string, params: Answer) => void)[] = [];
  private sent = 0;
  private session: string | undefined;
  /** What the page complained about: errors, and what its policy has refused. */
  readonly complaints: string[] = [];

  constructor(program: string) {
    this.child = spawn(program, [...FLAGS, `--user-data-dir=${this.folder}/profile`, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    let rest = "";
    const answers = this.child.stdio[4] as Readable;
    answers.setEncoding("utf8");
    answers.on("data", (text: string) => {
      const parts = `${rest}${text}`.split("\0");
      rest = parts.pop() ?? "";
      for (const part of parts) this.take(JSON.parse(part) as Answer);
    });
    this.child.on("exit", () => {
      for (const { reject } of this.waiting.values()) reject(new Error("The browser has ended."));
    });
  }

  /** Opens a file and waits until its script has come through. */
  async open(file: string, { width, height, isDark = false }: Window): Promise<void> {
    if (this.session === undefined) await this.attach();
    await this.say("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await this.say("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: isDark ? "dark" : "light" }],
    });
    const loaded = this.next("Page.loadEventFired");
    await this.say("Page.navigate", { url: `file://${file}` });
    await loaded;
  }

  /** The value of an expression in the page. */
  async value(expression: string): Promise<unknown> {
    const answer = await this.say("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
    return (answer.result as Answer).value;
  }

  /** Presses a key, or a character, as a hand would. */
  async press(key: string, isShifted = false): Promise<void> {
    const isCharacter = key.length === 1;
    const fields = {
      key,
      modifiers: isShifted ? SHIFT : 0,
      windowsVirtualKeyCode: isCharacter ? key.toUpperCase().charCodeAt(0) : (KEY_CODES[key] ?? 0),
      ...(isCharacter ? { text: key } : {}),
    };
    await this.say("Input.dispatchKeyEvent", { type: "keyDown", ...fields });
    await this.say("Input.dispatchKeyEvent", { type: "keyUp", ...fields });
    await this.frame();
  }

  async pointAt(x: number, y: number): Promise<void> {
    await this.say("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
    await this.frame();
  }

  async click(x: number, y: number): Promise<void> {
    const at = { x, y, button: "left", clickCount: 1 };
    await this.say("Input.dispatchMouseEvent", { type: "mousePressed", ...at });
    await this.say("Input.dispatchMouseEvent", { type: "mouseReleased", ...at });
    await this.frame();
  }

  /** Seconds for which the page has kept a processor busy so far: other programs do not count. */
  async busySeconds(): Promise<number> {
    const { metrics } = await this.say("Performance.getMetrics", {});
    const busy = (metrics as Answer[]).find(({ name }) => name === "TaskDuration");
    return Number(busy?.value);
  }

  /** A picture of the window. */
  async picture(): Promise<Buffer> {
    const { data } = await this.say("Page.captureScreenshot", { format: "png" });
    return Buffer.from(String(data), "base64");
  }

  /** The page as it would be printed. */
  async print(): Promise<Buffer> {
    const { data } = await this.say("Page.printToPDF", { printBackground: true });
    return Buffer.from(String(data), "base64");
  }

  /** Until the page has drawn what it was told. */
  async frame(): Promise<void> {
    await this.value(
      "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))",
    );
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.send("Browser.close", {}, undefined).catch(() => {});
    await ended;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async attach(): Promise<void> {
    const { targetInfos } = await this.send("Target.getTargets", {}, undefined);
    const page = (targetInfos as Answer[]).find(({ type }) => type === "page");
    const fields = { targetId: page?.targetId, flatten: true };
    const { sessionId } = await this.send("Target.attachToTarget", fields, undefined);
    this.session = String(sessionId);
    this.listeners.push((method, params) => {
      if (method === "Runtime.exceptionThrown") this.complaints.push(JSON.stringify(params));
      if (method === "Log.entryAdded") this.complaints.push(String((params.entry as Answer).text));
    });
    for (const domain of ["Page", "Runtime", "Log"]) await this.say(`${domain}.enable`, {});
    await this.say("Performance.enable", { timeDomain: "threadTicks" });
  }

  private say(method: string, params: Fields): Promise<Answer> {
    return this.send(method, params, this.session);
  }

  private send(method: string, params: Fields, sessionId: string | undefined): Promise<Answer> {
    const id = ++this.sent;
    const orders = this.child.stdio[3] as Writable;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      orders.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  private take({ id, result, error, method, params }: Answer): void {
    if (method !== undefined)
      for (const listen of this.listeners) listen(String(method), (params ?? {}) as Answer);
    const waiting = this.waiting.get(Number(id));
    this.waiting.delete(Number(id));
    if (error !== undefined) waiting?.reject(new Error(JSON.stringify(error)));
    else waiting?.resolve((result ?? {}) as Answer);
  }

  private next(method: string): Promise<void> {
    return new Promise((resolve) => {
      const listen = (happened: string): void => {
        if (happened !== method) return;
        this.listeners.splice(this.listeners.indexOf(listen), 1);
        resolve();
      };
      this.listeners.push(listen);
    });
  }
}
