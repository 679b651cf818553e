import type { Scene } from "../oracle";

/**
 * What several oracles of one run need to know is gathered once: each of them asks for it, and the first one that hears
 * of a message tells it.
 * @param make makes what is shared in one run
 */
export function sharedIn<T>(make: (scene: Scene) => T): (scene: Scene) => T {
  const made = new WeakMap<Scene, T>();
  return (scene) => {
    let shared = made.get(scene);
    if (shared === undefined) {
      shared = make(scene);
      made.set(scene, shared);
    }
    return shared;
  };
}
