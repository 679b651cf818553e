import {
  type AnyMessage,
  type Env,
  Failure,
  KIND,
  LocalHost,
  type Millis,
  type NodeId,
  type Server,
  type ServerClass,
  type Status,
  type Story,
  World,
  type WorldOptions,
} from "..";

/** A message that belongs to no protocol. */
export interface Note extends AnyMessage {
  readonly type: "Note";
  readonly n: number;
}

export const note = (n: number): Note => ({ type: "Note", n });

export const FOLLOWER: Status = { role: "follower", currentTerm: 0 };

/** What a server of a test does; what is left out does nothing. It may keep nothing between two calls. */
export interface Part {
  start?(env: Env<AnyMessage>): void;
  onMessage?(env: Env<AnyMessage>, from: NodeId, message: AnyMessage): void;
  onTimer?(env: Env<AnyMessage>, name: string): void;
  status?(env: Env<AnyMessage>): Status;
}

/** A server class that plays a part. */
export function playing(part: Part): ServerClass {
  return class Player implements Server<AnyMessage> {
    constructor(private readonly env: Env<AnyMessage>) {}

    start(): void {
      // biome-ignore lint/correctness/noVoidTypeReturn: a part may return a promise, and the host has to see it
      return part.start?.(this.env);
    }

    onMessage(from: NodeId, message: AnyMessage): void {
      // biome-ignore lint/correctness/noVoidTypeReturn: as above
      return part.onMessage?.(this.env, from, message);
    }

    onTimer(name: string): void {
      // biome-ignore lint/correctness/noVoidTypeReturn: as above
      return part.onTimer?.(this.env, name);
    }

    status(): Status {
      return part.status === undefined ? FOLLOWER : part.status(this.env);
    }
  };
}

/** A world of two servers in a calm network, where the options do not say otherwise. */
export function worldOf(server: Part | ServerClass, options: Partial<WorldOptions> = {}): World {
  const serverClass = typeof server === "function" ? server : playing(server);
  return new World({ seed: 1, servers: 2, network: "calm", host: LocalHost.of(serverClass), ...options });
}

/** The story of the failure in which a run ends. */
export async function storyOf(run: Promise<unknown>): Promise<Story> {
  try {
    await run;
  } catch (error) {
    if (error instanceof Failure) return error.story;
    throw error;
  }
  throw new Error("Expected a failure; the run went well.");
}

/** The story of what goes wrong when servers play a part for a second. */
export function storyOfPart(server: Part | ServerClass, options: Partial<WorldOptions> = {}): Promise<Story> {
  return storyOf(worldOf(server, options).runFor(1_000));
}

export interface Arrival {
  readonly sentAt: Millis;
  readonly at: Millis;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: AnyMessage;
}

/** Every message that reached a server, in order. */
export function arrivals({ trace, ids }: World): Arrival[] {
  return recordsOf(trace, KIND.deliver).map((i) => ({
    sentAt: trace.timeOf(trace.causeOf(i)),
    at: trace.timeOf(i),
    from: ids[trace.peerOf(i)],
    to: ids[trace.nodeOf(i)],
    message: trace.messageOf(i),
  }));
}

/** The numbers of the notes that reached a server, in order. */
export function notesTo(world: World, to: NodeId): number[] {
  return arrivals(world)
    .filter((arrival) => arrival.to === to)
    .map(({ message }) => (message as Note).n);
}

/** What servers logged: "30 S1 text". */
export function logged({ trace, ids }: World): string[] {
  return recordsOf(trace, KIND.log).map(
    (i) => `${trace.timeOf(i)} ${ids[trace.nodeOf(i)]} ${String(trace.dataOf(i))}`,
  );
}

/** The records of a kind, in order. */
export function recordsOf(trace: World["trace"], kind: number): number[] {
  return Array.from({ length: trace.length }, (_, i) => i).filter((i) => trace.kindOf(i) === kind);
}

/** Each server sends a note to everyone every 10 ms, numbered by its clock. */
export const TICKER: Part = {
  start: (env) => env.setTimer("tick", 10),
  onTimer(env) {
    for (const peer of env.peers) env.send(peer, note(Math.round(env.now())));
    env.setTimer("tick", 10);
  },
};
