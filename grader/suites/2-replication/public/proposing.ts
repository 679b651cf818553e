import { describe, it } from "../../../labgrader";
import { propose } from "../leading";
import { RULE } from "../rules";

describe("Proposing", () => {
  it(
    "2.1a A leader says at once where a command will stand; other servers take none",
    { points: 2, seeds: 10, servers: [3, 5], scripted: true },
    async (world, peers) => {
      const refused = await world.propose("S1", "too early");
      world.check(refused === null, () => ({
        sentence: `S1 is a follower and took a command as entry ${refused?.index} of term ${refused?.term}.`,
        rule: "§5.3: once a leader has been elected, it begins servicing client requests. The handout: propose returns null at any other server.",
        next: "What does propose look at before it appends?",
      }));

      peers.answersHeartbeats = false;
      const term = await peers.elect();
      const first = await propose(world, "S1", "a");
      const second = await propose(world, "S1", "b");
      const third = await propose(world, "S1", { text: "c" });

      const answers = [first, second, third];
      world.check(first.index === 1 || first.index === 2, () => ({
        sentence: `S1 leads with an empty log and takes its first command as entry ${first.index}; expected 1, or 2 after a no-op.`,
        rule: "The contract: the first entry of the log has index 1.",
        next: "Which index has the entry that was just appended?",
      }));
      world.check(
        answers.every((answer, i) => answer.index === first.index + i && answer.term === term),
        () => ({
          sentence: `S1 leads term ${term} and takes three commands, one after the other, as ${answers.map((answer) => `entry ${answer.index} of term ${answer.term}`).join(", ")}.`,
          rule: RULE.appendOnly,
          next: "Does each command get an entry of its own, at the end of the log, in currentTerm?",
        }),
      );
    },
  );
});
