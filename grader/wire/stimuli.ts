import type { Json } from "../../labs/kit/contract";
import type { AnyMessage, Boot, Stimulus } from "../../labs/kit/host/reaction";
import { ReusedStimulus } from "../../labs/kit/world/reused-stimulus";
import { ITEM } from "./format";
import { type Reader, WireFault } from "./reader";
import type { Writer } from "./writer";

/** What an {@link ItemReader} has read: something for the servers of one world. */
export interface Item {
  readonly world: number;
  /** What happens to one of them; undefined if the world is done with. */
  readonly stimulus: Stimulus | undefined;
}

export function writeClose(writer: Writer, world: number): void {
  writer.byte(ITEM.close);
  writer.count(world);
}

export function writeStimulus(writer: Writer, world: number, stimulus: Stimulus): void {
  writer.byte(ITEM[stimulus.kind]);
  writer.count(world);
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
  }
}

/** Reads items, into the same object again and again. */
export class ItemReader implements Item {
  world = 0;
  stimulus: Stimulus | undefined;
  private readonly reused = new ReusedStimulus();

  /** @param reader one that freezes: what a server is given nobody may change */
  constructor(private readonly reader: Reader) {}

  next(): Item {
    const { reader, reused } = this;
    const item = reader.byte();
    this.world = reader.count();
    if (item === ITEM.close) {
      this.stimulus = undefined;
      return this;
    }
    reused.node = reader.byte();
    reused.now = reader.float();
    switch (item) {
      case ITEM.start:
        this.stimulus = reused.forStart(readBoot(reader));
        return this;
      case ITEM.message:
        this.stimulus = reused.forMessage(reader.byte(), reader.value() as AnyMessage);
        return this;
      case ITEM.timer:
        this.stimulus = reused.forTimer(reader.string());
        return this;
      default:
        throw new WireFault(`There is no kind ${item} of items.`);
    }
  }
}

function writeBoot(writer: Writer, { ids, peers, randomKey, disk }: Boot): void {
  writer.value(ids);
  writer.value(peers);
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
  const randomKey = reader.number();
  const disk = new Map<string, Json>();
  for (let keys = reader.count(); keys > 0; keys--) disk.set(reader.string(), reader.value() as Json);
  return { ids, peers, randomKey, disk };
}
