import type { ChildProcess } from "node:child_process";
import { closeSync } from "node:fs";
import { NoCell } from "./cell-end";
import { cellProgram } from "./cell-program";
import { type Ends, makePipes } from "./fifo";
import { chooseWalls, spawnWithin } from "./walls";

/** A process that will be a cell, if all goes well. */
export interface SpawnedCell {
  readonly child: ChildProcess;
  /** Descriptors of this process: to the cell, and from it. */
  readonly pipe: Ends;
  /** What stands around it. */
  readonly walls: string;
}

/**
 * Starts the cell's program within the best walls that this machine has.
 * @throws NoCell if that is not possible here
 */
export async function spawnCell(): Promise<SpawnedCell> {
  try {
    const program = await cellProgram();
    const walls = await chooseWalls(program);
    const [to, from] = makePipes(2);
    const mine = { reading: from.reading, writing: to.writing };
    try {
      const child = spawnWithin(walls.command(program, []), {
        stdio: ["ignore", "ignore", "pipe", to.reading, from.writing],
      });
      return { child, pipe: mine, walls: walls.name };
    } catch (error) {
      closeSync(mine.reading);
      closeSync(mine.writing);
      throw error;
    } finally {
      closeSync(to.reading);
      closeSync(from.writing);
    }
  } catch (error) {
    throw new NoCell(
      `No cell can be started here: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
