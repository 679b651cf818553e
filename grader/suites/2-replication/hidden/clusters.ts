import { agree, type Proposal, Proposer, type Question, TIMING, type World } from "../../../../labs/kit";
import { describe, it } from "../../../labgrader";
import { listOfCommands } from "../applied";
import { propose } from "../leading";
import { RULE, WORKING } from "../rules";
import { steadyLeader } from "../steady";

/** Why the last of some commands was not applied by everybody. */
function lastOf(proposals: readonly Proposal[], { ids }: World): Question | undefined {
  const answers = proposals.map(({ answer }) => answer).filter((answer) => answer != null);
  const last = answers.sort((a, b) => a.index - b.index).at(-1);
  return last && { kind: "not-applied", entry: last, among: ids };
}

describe("All together", () => {
  it("2.8c Five commands at once all commit, each at its own index", {
    points: 1,
    servers: [3, 5],
    needs: WORKING,
  }, async (world) => {
    const leader = await steadyLeader(world);
    const proposals = [1, 2, 3, 4, 5].map((n) => world.submit(leader, n));
    await world.runFor(TIMING.commitWithin + TIMING.applyWithin);

    for (const id of world.ids) {
      const commands = listOfCommands(world, id).join(" ");
      const inOrder = proposals
        .map(({ answer, command }) => ({ index: answer?.index ?? 0, command }))
        .sort((a, b) => a.index - b.index)
        .map(({ command }) => command)
        .join(" ");
      world.check(commands === inOrder && proposals.every(({ answer }) => answer !== null), () => ({
        sentence: `${leader} was given the commands 1 to 5 at one moment and promised them the indexes ${proposals.map(({ answer }) => answer?.index ?? "none").join(", ")}; ${id} has applied ${commands === "" ? "nothing" : commands}.`,
        rule: RULE.apply,
        next: "What happens to commands that come before the first has been answered for?",
        why: lastOf(proposals, world),
      }));
    }
  });

  it("2.8f A leader that cannot be heard any more loses what it could not commit", {
    points: 1,
    servers: [3, 5],
    needs: WORKING,
  }, async (world) => {
    const first = await steadyLeader(world);
    const others = world.ids.filter((id) => id !== first);
    const undos = others.map((other) => world.faults.cutOneWay(first, other));
    for (const command of ["lost 1", "lost 2"]) await propose(world, first, command);
    await agree(world, "a", others);
    for (const undo of undos) undo();
    await agree(world, "b");
    for (const id of world.ids) {
      world.check(!listOfCommands(world, id).includes("lost 1"), () => ({
        sentence: `${id} has applied “lost 1”, which never left ${first}.`,
        rule: RULE.commit,
        next: `Who could have counted a majority for it?`,
      }));
    }
  });

  it("2.8g A leader that was frozen across an election does no harm", {
    points: 1,
    seeds: 30,
    servers: [3, 5],
    needs: WORKING,
  }, async (world) => {
    const first = await steadyLeader(world);
    await propose(world, first, "a");
    await world.runFor(world.draws.int(0, 8));
    world.faults.pause(first);
    const others = world.ids.filter((id) => id !== first);
    const frozen = world.submit(first, "to the frozen one");
    await agree(world, "b", others);
    await agree(world, "c", others);

    world.faults.resume(first);
    await agree(world, "d");
    world.check(frozen.answer !== undefined, () => ({
      sentence: `${first} was given a command while it was frozen and has not answered it since it goes on.`,
      rule: "The contract: propose returns at once.",
      next: `What does ${first} do first when it goes on?`,
    }));
  });

  it("2.8h Commands that a leader took are applied by all if it goes on leading, although messages are lost", {
    points: 1,
    servers: [3, 5],
    network: "lossy",
    needs: WORKING,
  }, async (world) => {
    await world.awaitLeader();
    const proposer = new Proposer(world);
    await world.runFor(3_000);
    proposer.stop();
    world.faults.network("lan");
    await agree(world, "end");

    for (const { server, command, answer } of proposer.proposals) {
      const { role, currentTerm } = world.status(server);
      if (!answer || role !== "leader" || currentTerm !== answer.term) continue;
      for (const id of world.ids) {
        const entry = world.applied(id)[answer.index - 1];
        world.check(entry?.command === command, () => ({
          sentence: `${server} leads term ${currentTerm} still and took “${command}” as entry ${answer.index}; ${id} has applied ${entry === undefined ? "nothing" : `“${entry.command}”`} there.`,
          rule: RULE.appendOnly,
          next: `What became of entry ${answer.index} in ${server}'s log?`,
        }));
      }
    }
  });

  it("2.8j Commands start no elections", {
    points: 1,
    seeds: 10,
    servers: [3, 5],
    network: "wan",
    needs: WORKING,
  }, async (world) => {
    const leader = await steadyLeader(world);
    const { currentTerm } = world.status(leader);
    const since = world.trace.length;
    const proposer = new Proposer(world, [0, 40]);
    await world.runFor(2_000);
    proposer.stop();
    await world.runFor(2_000);
    const terms = world.ids.map((id) => world.status(id).currentTerm);
    world.check(
      terms.every((term) => term === currentTerm),
      () => ({
        sentence: `Nothing was wrong, ${leader} took commands for 2 s and then none for as long, and there was an election: its term was ${currentTerm}, the terms are ${terms.join(", ")} now.`,
        rule: "§5.2: a server remains a follower as long as it receives valid messages from a leader.",
        next: "Does every AppendEntries restart the election timer, and does every peer get them often enough?",
        why: { kind: "no-peace", among: world.ids, since },
      }),
    );
    await agree(world, "end");
  });
});
