import type { World } from "../world/world";

/**
 * Runs `body` in a fresh world for each seed, in order, up to the first failure, which it throws.
 * @param makeWorld the world of a seed; the same seed must give the same world
 */
export async function forEachSeed(
  seeds: Iterable<number>,
  makeWorld: (seed: number) => World,
  body: (world: World) => Promise<void>,
): Promise<void> {
  for (const seed of seeds) {
    const world = makeWorld(seed);
    await body(world);
    if (world.failure !== undefined) throw world.failure; // also one that the body forgot to await
  }
}
