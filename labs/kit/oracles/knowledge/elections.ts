import type { LogIndex, Term } from "../../contract";
import type { Passage } from "../oracle";

/** A candidate asks for votes. */
export interface Campaign {
  readonly node: number;
  readonly lastLogIndex: LogIndex;
  readonly lastLogTerm: Term;
  readonly record: number;
}

/** A server grants its vote. */
export interface Grant {
  readonly voter: number;
  readonly candidate: number;
  readonly record: number;
}

/** Who stood in which term, and who voted for whom, as RequestVote and its replies say. */
export class Elections {
  private readonly campaigns = new Map<Term, Campaign[]>();
  private readonly votes = new Map<Term, Grant[]>();

  campaign(candidate: number, term: Term): Campaign | undefined {
    return this.campaigns.get(term)?.find(({ node }) => node === candidate);
  }

  grants(to: number, term: Term): Grant[] {
    return (this.votes.get(term) ?? []).filter(({ candidate }) => candidate === to);
  }

  /** Takes in a RequestVote or a RequestVoteReply that is being sent. */
  hear({ from, to, message, record }: Passage): void {
    const term = message.term as Term;
    if (message.type === "RequestVote" && this.campaign(from, term) === undefined) {
      const { lastLogIndex = 0, lastLogTerm = 0 } = message;
      add(this.campaigns, term, { node: from, lastLogIndex, lastLogTerm, record });
    }
    if (message.type === "RequestVoteReply" && message.voteGranted === true)
      add(this.votes, term, { voter: from, candidate: to, record });
  }
}

function add<T>(lists: Map<Term, T[]>, term: Term, item: T): void {
  const list = lists.get(term);
  if (list === undefined) lists.set(term, [item]);
  else list.push(item);
}
