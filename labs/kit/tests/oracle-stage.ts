import type test from "tape";
import {
  type AnyMessage,
  type AppliedEntry,
  type Env,
  Failure,
  grant,
  type Json,
  LocalHost,
  type LogEntry,
  type LogIndex,
  type NodeId,
  ORACLES,
  type Proposed,
  type Server,
  type ServerClass,
  type StateMachine,
  type Status,
  type Story,
  type Term,
  World,
  type WorldOptions,
} from "..";
import { storyOf } from "./helpers";

/** What a puppet is told to do at its next proposal. */
interface Deeds {
  readonly sends: readonly { readonly to: NodeId; readonly message: AnyMessage }[];
  readonly applies: readonly AppliedEntry[];
  readonly status: Status | undefined;
  readonly answer: Proposed | null;
}

const NOTHING: Deeds = { sends: [], applies: [], status: undefined, answer: null };

/** A server that does what the test says, and nothing else. */
class Puppet implements Server<AnyMessage> {
  private current: Status;

  constructor(
    private readonly env: Env<AnyMessage>,
    private readonly machine: StateMachine,
    private readonly orders: Orders,
  ) {
    this.current = orders.reborn;
  }

  start(): void {}

  onMessage(): void {}

  onTimer(): void {}

  status(): Status {
    return this.current;
  }

  propose(): Proposed | null {
    const { sends, applies, status, answer } = this.orders.next;
    for (const entry of applies) this.machine.apply(entry);
    for (const { to, message } of sends) this.env.send(to, message);
    if (status !== undefined) this.current = status;
    return answer;
  }
}

/** What the puppets of one stage are to do. */
class Orders {
  next: Deeds = NOTHING;
  reborn: Status = { role: "follower", currentTerm: 0 };
}

/** A place in a log and what stands there: [index, term, command]. */
type Placed = readonly [index: LogIndex, term: Term, command: Json];

/** An AppendEntries: after which entry, [index, term]; of which terms and commands; and the leaderCommit. */
export interface Append {
  readonly after?: readonly [LogIndex, Term];
  readonly entries?: readonly (readonly [Term, Json])[];
  readonly commit?: LogIndex;
}

const FREE = "a command for nobody";

/** A cluster of puppets in a calm network, watched by all oracles. Each step is over when its message has arrived. */
export class Stage {
  readonly world: World;
  private readonly orders = new Orders();

  constructor(servers: number, options: Partial<WorldOptions> = {}) {
    const { orders } = this;
    const Part = class extends Puppet {
      constructor(env: Env<AnyMessage>, machine: StateMachine) {
        super(env, machine, orders);
      }
    };
    const host = LocalHost.of(Part as ServerClass);
    this.world = new World({ seed: 1, servers, network: "calm", host, oracles: ORACLES, ...options });
  }

  async send(from: NodeId, to: NodeId, message: object): Promise<void> {
    const { world } = this;
    const { nodes } = world.simulation;
    const node = (id: NodeId) => nodes[world.names.indexOf(id)];
    if (node(from).isScripted) world.simulation.inject(node(from), node(to), message as AnyMessage, 2);
    else await this.order(from, { sends: [{ to, message: message as AnyMessage }] });
    await world.runFor(3);
  }

  /** A server stands for election with a log that ends with `last` and is elected by `voters`. */
  async elect(
    leader: NodeId,
    term: Term,
    voters: readonly NodeId[],
    last: readonly [LogIndex, Term] = [0, 0],
  ): Promise<void> {
    const [lastLogIndex, lastLogTerm] = last;
    for (const to of this.world.ids.filter((id) => id !== leader))
      await this.send(leader, to, {
        type: "RequestVote",
        term,
        candidateId: leader,
        lastLogIndex,
        lastLogTerm,
      });
    for (const voter of voters) await this.send(voter, leader, grant(term));
  }

  /** A server leads a term: it says so with an empty AppendEntries to each of the others. */
  async append(
    from: NodeId,
    to: NodeId,
    term: Term,
    { after = [0, 0], entries = [], commit = 0 }: Append = {},
  ): Promise<void> {
    const [prevLogIndex, prevLogTerm] = after;
    const list: LogEntry[] = entries.map(([entryTerm, command]) => ({ term: entryTerm, command }));
    await this.send(from, to, {
      type: "AppendEntries",
      term,
      leaderId: from,
      prevLogIndex,
      prevLogTerm,
      entries: list,
      leaderCommit: commit,
    });
  }

  accept(from: NodeId, to: NodeId, term: Term, matchIndex: LogIndex): Promise<void> {
    return this.send(from, to, { type: "AppendEntriesReply", term, success: true, matchIndex });
  }

  refuse(from: NodeId, to: NodeId, term: Term, matchIndex: LogIndex): Promise<void> {
    return this.send(from, to, { type: "AppendEntriesReply", term, success: false, matchIndex });
  }

  async apply(id: NodeId, ...placed: readonly Placed[]): Promise<void> {
    await this.order(id, { applies: placed.map(([index, term, command]) => ({ index, term, command })) });
  }

  async say(id: NodeId, status: Status): Promise<void> {
    await this.order(id, { status });
  }

  /** Somebody proposes a command; the server answers, and sends something before that. */
  async propose(
    id: NodeId,
    command: Json,
    answer: readonly [LogIndex, Term] | null,
    sends: Deeds["sends"] = [],
  ): Promise<void> {
    const given = answer === null ? null : { index: answer[0], term: answer[1] };
    await this.order(id, { answer: given, sends }, command);
  }

  /** Stops a server and starts it again. */
  async restart(id: NodeId, status: Status): Promise<void> {
    this.orders.reborn = status;
    this.world.faults.stop(id);
    this.world.faults.restart(id);
    await this.world.runFor(0);
  }

  private async order(id: NodeId, deeds: Partial<Deeds>, command: Json = FREE): Promise<void> {
    await this.world.runFor(0);
    this.orders.next = { ...NOTHING, ...deeds };
    await this.world.propose(id, command);
    this.orders.next = NOTHING;
  }
}

/** What a test does on a stage, up to the step that is wrong. */
export type Play = (stage: Stage) => Promise<void>;

/** The story of a play that goes wrong in its last step. */
export async function storyOfPlay(
  servers: number,
  play: Play,
  options?: Partial<WorldOptions>,
): Promise<Story> {
  return storyOf(play(new Stage(servers, options)));
}

/** A play is caught, with this headline, and the story is complete. */
export async function isCaught(
  t: test.Test,
  servers: number,
  headline: string,
  play: Play,
  options?: Partial<WorldOptions>,
): Promise<Story> {
  const story = await storyOfPlay(servers, play, options);
  t.equal(story.headline, headline);
  t.equal(story.lines.filter(({ isWrong }) => isWrong).length, 1, "one step is marked as wrong");
  t.ok(story.next?.endsWith("?") || story.next?.endsWith("."), "there is something to look at next");
  t.ok((story.rule ?? "").length > 0, "there is a rule");
  return story;
}

/** Nobody objects to a play. */
export async function isRight(
  t: test.Test,
  servers: number,
  what: string,
  play: Play,
  options?: Partial<WorldOptions>,
): Promise<void> {
  const stage = new Stage(servers, options);
  try {
    await play(stage);
    t.pass(what);
  } catch (error) {
    t.fail(`${what}: ${error instanceof Failure ? error.story.headline : String(error)}`);
  }
}
