import type { Deed, LocalState } from "./local-state";
import type { SpaceSetup } from "./space";

/** The deeds of a search, each with its number: equal ones have the same. */
export class Deeds {
  readonly all: Deed[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(private readonly setup: Pick<SpaceSetup, "ids" | "commands" | "operations">) {}

  /** @param key says what it is, and that it is nothing else */
  number(key: string, deed: Deed): number {
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.all.length);
    return this.all.push(deed) - 1;
  }

  /** A node's stop in the middle of a deed. */
  cut(of: number, effects: number): number {
    const { node } = this.all[of];
    return this.number(`cut ${of} ${effects}`, { kind: "cut", node, of, effects });
  }

  /** What a node can do in one of its states without a message. */
  ownOf(node: number, { timers, facts }: Pick<LocalState, "timers" | "facts">, isLeader: boolean): number[] {
    const { commands, operations, ids } = this.setup;
    const own: number[] = [];
    for (const name of [...timers.keys()].sort())
      own.push(this.number(`timer ${node} ${name}`, { kind: "timer", node, name }));
    if (isLeader)
      for (const [nth, command] of commands.entries())
        own.push(this.number(`propose ${node} ${nth}`, { kind: "propose", node, command, nth }));
    if (node >= ids.length) {
      const nth = facts.begun;
      if (nth === facts.results.length && nth < (operations[node - ids.length]?.length ?? 0))
        own.push(this.number(`invoke ${node} ${nth}`, { kind: "invoke", node, nth }));
    } else own.push(this.number(`reboot ${node}`, { kind: "reboot", node }));
    return own;
  }
}
