import test from "tape";
import type { Oracle, Passage } from "..";
import { WithoutRepeats } from "../oracles/without-repeats";
import { Stage } from "./oracle-stage";

/** An oracle that writes down what it is told of. */
class Listener implements Oracle {
  readonly reads = ["AppendEntries", "AppendEntriesReply"];
  readonly heard: string[] = [];

  onSend({ from, to }: Passage): undefined {
    this.heard.push(`${from} to ${to}`);
  }

  onDeliver({ from, to }: Passage): undefined {
    this.heard.push(`${to} from ${from}`);
  }
}

test("oracles of logs are told of heartbeats and their answers once, and of everything again after a restart", async (t) => {
  const listener = new Listener();
  const stage = new Stage(3, { oracles: [(scene) => new WithoutRepeats(scene, [() => listener])] });
  const heard = (): string[] => listener.heard.splice(0);
  const news = ["0 to 1", "1 from 0"];

  await stage.append("S1", "S2", 1);
  t.deepEqual(heard(), news, "the first");
  await stage.append("S1", "S2", 1);
  t.deepEqual(heard(), [], "the same");
  await stage.append("S1", "S2", 1, { commit: 1 });
  t.deepEqual(heard(), news, "another one");
  await stage.append("S1", "S3", 1, { commit: 1 });
  t.deepEqual(heard(), ["0 to 2", "2 from 0"], "on another link");
  for (let i = 0; i < 2; i++) await stage.append("S1", "S2", 1, { entries: [[1, null]] });
  t.deepEqual(heard(), [...news, ...news], "entries are always told of");

  const answer = ["1 to 0", "0 from 1"];
  for (let i = 0; i < 2; i++) await stage.accept("S2", "S1", 1, 1);
  t.deepEqual(heard(), answer);
  for (let i = 0; i < 2; i++) await stage.refuse("S2", "S1", 1, 1);
  t.deepEqual(heard(), [...answer, ...answer], "refusals are always told of");

  await stage.restart("S3", { role: "follower", currentTerm: 1 });
  await stage.append("S1", "S2", 1, { commit: 1 });
  t.deepEqual(heard(), news);
});
