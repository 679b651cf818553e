import type { AnyMessage } from "../../host/reaction";
import { KIND, type Micros, NONE, type Trace } from "../../trace/trace";

/** A message that was sent, and what became of it. */
export interface Letter {
  /** The record of its sending. */
  readonly send: number;
  readonly from: number;
  readonly to: number;
  readonly at: Micros;
  readonly message: AnyMessage;
  /** The record of its first arrival; {@link NONE} if it has not arrived. */
  readonly arrival: number;
  /** The record of its loss, if it never arrived; {@link NONE} if it was not lost. */
  readonly loss: number;
}

type Draft = { -readonly [Field in keyof Letter]: Letter[Field] };

/** Every message of a run, in the order in which they were sent. */
export function lettersOf(trace: Trace): Letter[] {
  const letters: Draft[] = [];
  const bySend = new Map<number, Draft>();
  for (let i = 0; i < trace.length; i++) {
    const kind = trace.kindOf(i);
    if (kind === KIND.send) {
      const letter: Draft = {
        send: i,
        from: trace.nodeOf(i),
        to: trace.peerOf(i),
        at: trace.microsOf(i),
        message: trace.messageOf(i),
        arrival: NONE,
        loss: NONE,
      };
      letters.push(letter);
      bySend.set(i, letter);
    } else if (kind === KIND.deliver || kind === KIND.drop) {
      const letter = bySend.get(trace.causeOf(i));
      if (letter === undefined || letter.arrival !== NONE) continue;
      if (kind === KIND.deliver) letter.arrival = i;
      else if (letter.loss === NONE) letter.loss = i;
    }
  }
  return letters;
}

/** Why a message did not arrive: "lost by the network"; undefined if it arrived or is still on its way. */
export function lossWords(trace: Trace, { arrival, loss }: Letter): string | undefined {
  return arrival === NONE && loss !== NONE ? String(trace.dataOf(loss)) : undefined;
}
