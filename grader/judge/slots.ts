/** Lets so many pass at a time, in their order. The number may change meanwhile. */
export class Slots {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(public size: number) {}

  async use<T>(work: () => Promise<T>): Promise<T> {
    while (this.taken >= this.size) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.taken += 1;
    try {
      return await work();
    } finally {
      this.taken -= 1;
      this.waiting.shift()?.();
    }
  }
}
