import type { Json, Millis } from "../../labs/kit/contract";
import type { AnyMessage, Boot, Stimulus } from "../../labs/kit/host/reaction";
import { type Attempt, NOWHERE } from "../../labs/kit/search/branches";
import { ReusedStimulus } from "../../labs/kit/world/reused-stimulus";
import { ITEM } from "./format";
import { type Reader, WireFault } from "./reader";
import type { Writer } from "./writer";

/** Events that a group may have. */
export const GROUP_MAX = 32;

/** Writes groups: events of one world, each of which happens if those before it do nothing that is in its way. */
export class GroupWriter {
  private countAt = 0;
  private events = 0;

  constructor(private readonly writer: Writer) {}

  /**
   * Begins a group.
   * @param shortest the group ends after an event in which a server sets a timer for at most so many milliseconds
   */
  begin(world: number, shortest: Millis): void {
    const { writer } = this;
    writer.byte(ITEM.group);
    writer.count(world);
    writer.float(shortest);
    this.countAt = writer.length;
    this.events = 0;
    writer.byte(0);
  }

  /** @returns true if another event has room in the group */
  add(stimulus: Stimulus): boolean {
    const { writer } = this;
    writeEvent(writer, stimulus);
    this.events += 1;
    writer.bytes[this.countAt] = this.events;
    return this.events < GROUP_MAX;
  }
}

function writeEvent(writer: Writer, stimulus: Stimulus): void {
  writer.byte(ITEM[stimulus.kind]);
  writer.byte(stimulus.node);
  writer.float(stimulus.now);
  switch (stimulus.kind) {
    case "start":
      writeBoot(writer, stimulus.boot as Boot);
      break;
    case "message":
      writer.byte(stimulus.from);
      writer.value(stimulus.message);
      break;
    case "timer":
      writer.string(stimulus.timer);
      break;
    case "propose":
    case "invoke":
      writer.value(stimulus.command);
  }
}

/**
 * Writes what a search tries, at most {@link GROUP_MAX} things at once.
 * @param world the number of the search: none that a world has
 * @param alike servers by whose names states are compared
 */
export function writeAttempts(
  writer: Writer,
  world: number,
  alike: readonly string[],
  attempts: readonly Attempt[],
): void {
  writer.byte(ITEM.branches);
  writer.count(world);
  writer.value(alike);
  writer.byte(attempts.length);
  for (const { from, stimulus } of attempts) {
    writer.count(from - NOWHERE);
    writeEvent(writer, stimulus);
  }
}

/** Says that a world is done with. */
export function writeClose(writer: Writer, world: number): void {
  writer.byte(ITEM.close);
  writer.count(world);
}

/** What a {@link ItemReader} comes to: a group of events, what a search tries, or the end of a world. */
export class ItemReader {
  world = 0;
  /** Events of the group, or attempts; 0 at the end of a world. */
  events = 0;
  /** Of a search: the servers by whose names states are compared. */
  alike: readonly string[] | undefined;
  shortest: Millis = 0;
  private readonly stimulus = new ReusedStimulus();

  /** @param reader one that freezes: what a server is given nobody may change */
  constructor(private readonly reader: Reader) {}

  next(): void {
    const { reader } = this;
    const item = reader.byte();
    this.world = reader.count();
    this.events = 0;
    this.alike = undefined;
    if (item === ITEM.close) return;
    if (item === ITEM.branches) {
      this.alike = reader.value() as string[];
      this.events = reader.byte();
      return;
    }
    if (item !== ITEM.group) throw new WireFault(`There is no kind ${item} of items.`);
    this.shortest = reader.float();
    this.events = reader.byte();
  }

  /** The next attempt of a search; its stimulus is the same object each time. */
  attempt(): Attempt {
    const from = this.reader.count() + NOWHERE;
    return { from, stimulus: this.event() };
  }

  /** The next event of the group; the same object each time. */
  event(): Stimulus {
    const { reader, stimulus } = this;
    const kind = reader.byte();
    stimulus.node = reader.byte();
    stimulus.now = reader.float();
    switch (kind) {
      case ITEM.start:
        return stimulus.forStart(readBoot(reader));
      case ITEM.message:
        return stimulus.forMessage(reader.byte(), reader.value() as AnyMessage);
      case ITEM.timer:
        return stimulus.forTimer(reader.string());
      case ITEM.propose:
        return stimulus.forCommand("propose", reader.value() as Json);
      case ITEM.invoke:
        return stimulus.forCommand("invoke", reader.value() as Json);
      default:
        throw new WireFault(`There is no kind ${kind} of events.`);
    }
  }
}

function writeBoot(writer: Writer, { ids, peers, clients, randomKey, disk }: Boot): void {
  writer.value(ids);
  writer.value(peers);
  writer.value(clients);
  writer.number(randomKey);
  writer.count(disk.size);
  for (const [key, value] of disk) {
    writer.string(key);
    writer.value(value);
  }
}

function readBoot(reader: Reader): Boot {
  const ids = reader.value() as string[];
  const peers = reader.value() as string[];
  const clients = reader.value() as string[];
  const randomKey = reader.number();
  const disk = new Map<string, Json>();
  for (let keys = reader.count(); keys > 0; keys--) disk.set(reader.string(), reader.value() as Json);
  return { ids, peers, clients, randomKey, disk };
}
