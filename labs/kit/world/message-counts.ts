/** How many messages of each type were sent, and how large they were. */
export class MessageCounts {
  private readonly counts = new Map<string, { messages: number; bytes: number }>();

  add(type: string, bytes: number): void {
    const count = this.counts.get(type);
    if (count === undefined) this.counts.set(type, { messages: 1, bytes });
    else {
      count.messages += 1;
      count.bytes += bytes;
    }
  }

  /** Messages sent so far: of one type, or of all. */
  messages(type?: string): number {
    return this.total(type, "messages");
  }

  /** Bytes sent so far: of one type, or of all. */
  bytes(type?: string): number {
    return this.total(type, "bytes");
  }

  /** The types seen, with their counts, most messages first. */
  byType(): readonly { readonly type: string; readonly messages: number; readonly bytes: number }[] {
    return [...this.counts]
      .map(([type, count]) => ({ type, ...count }))
      .sort((a, b) => b.messages - a.messages);
  }

  private total(type: string | undefined, of: "messages" | "bytes"): number {
    if (type !== undefined) return this.counts.get(type)?.[of] ?? 0;
    let sum = 0;
    for (const count of this.counts.values()) sum += count[of];
    return sum;
  }
}
