import type { LogIndex, Term } from "../../contract";
import type { Passage, Scene } from "../oracle";
import { LeaderLogs } from "./leader-logs";
import { sharedIn } from "./shared";

/** What the followers have told the leader of a term: up to where each log is known to match. */
export class Acknowledgements {
  /** By server. The leader's own place stays empty. */
  readonly matchIndex: LogIndex[];
  /** The replies that said so. */
  readonly records: (number | undefined)[];
  /** A majority of the servers, the leader included, has all entries up to here. */
  majority: LogIndex = 0;

  constructor(
    readonly term: Term,
    readonly leader: number,
    servers: number,
  ) {
    this.matchIndex = new Array<LogIndex>(servers).fill(0);
    this.records = new Array<number | undefined>(servers).fill(undefined);
  }

  take(from: number, matchIndex: LogIndex, record: number): boolean {
    if (from === this.leader || matchIndex <= this.matchIndex[from]) return false;
    this.matchIndex[from] = matchIndex;
    this.records[from] = record;
    const others = this.matchIndex.filter((_, node) => node !== this.leader).sort((a, b) => b - a);
    const needed = Math.floor(this.matchIndex.length / 2); // with the leader itself that is a majority
    const majority = others[needed - 1] ?? 0;
    if (majority === this.majority) return false;
    this.majority = majority;
    return true;
  }

  /** The servers that have an entry, as far as the leader knows, and itself. */
  holders(index: LogIndex): number[] {
    return this.matchIndex.flatMap((match, node) => (node === this.leader || match >= index ? [node] : []));
  }
}

/** The highest entry that a leader can call committed (Figure 2, Leaders). */
export interface Commitment {
  readonly acknowledgements: Acknowledgements;
  readonly index: LogIndex;
  readonly record: number;
}

/** What leaders were told by the replies that reached them. */
export class Acknowledged {
  static readonly of = sharedIn((scene) => new Acknowledged(scene));

  /** What the latest reply has committed. */
  commitment: Commitment | undefined;

  /** For each server, what it heard as the leader of a term. */
  private readonly byLeader: readonly Map<Term, Acknowledgements>[];
  private readonly logs: LeaderLogs;
  private readonly servers: number;
  private heard = -1;

  private constructor(scene: Scene) {
    this.servers = scene.ids.length;
    this.byLeader = scene.ids.map(() => new Map());
    this.logs = LeaderLogs.of(scene);
  }

  /** What a server was told in the terms that it led. */
  to(leader: number): ReadonlyMap<Term, Acknowledgements> {
    return this.byLeader[leader];
  }

  /** Takes in an AppendEntriesReply that is being delivered. */
  hear({ from, to, message, record }: Passage): void {
    if (record === this.heard) return;
    this.heard = record;
    this.commitment = undefined;
    const { success, matchIndex } = message;
    if (success !== true || matchIndex === undefined || matchIndex === 0) return;
    if (from >= this.servers || to >= this.servers) return;
    const term = message.term as Term;
    const known = this.byLeader[to].get(term);
    const acknowledgements = known ?? new Acknowledgements(term, to, this.servers);
    if (known === undefined) this.byLeader[to].set(term, acknowledgements);
    if (!acknowledgements.take(from, matchIndex, record)) return;
    const index = this.committed(acknowledgements);
    if (index > 0) this.commitment = { acknowledgements, index, record };
  }

  /** Up to where a leader may commit: what a majority has, if an entry of the leader's own term is among it (§5.4.2). */
  committed({ term, leader, majority }: Acknowledgements): LogIndex {
    const log = this.logs.of(term);
    return log?.leader === leader && log.firstOwn <= majority ? majority : 0;
  }
}
