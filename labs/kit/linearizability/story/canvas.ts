/** Rows of characters to write on. */
export class Canvas {
  private readonly rows: string[][] = [];

  /** True if nothing stands at the columns, nor right beside them. */
  isFree(row: number, column: number, length: number): boolean {
    const cells = this.rows[row] ?? [];
    for (let i = Math.max(0, column - 1); i < column + length + 1; i++)
      if (cells[i] !== undefined && cells[i] !== " ") return false;
    return true;
  }

  /** The first row at which so many columns are free. */
  freeRow(column: number, length: number): number {
    let row = 0;
    while (!this.isFree(row, column, length)) row += 1;
    return row;
  }

  write(row: number, column: number, text: string): void {
    while (this.rows.length <= row) this.rows.push([]);
    const cells = this.rows[row];
    [...text].forEach((character, i) => {
      while (cells.length < column + i) cells.push(" ");
      cells[column + i] = character;
    });
  }

  get lines(): string[] {
    return this.rows.map((cells) => cells.join("").trimEnd());
  }
}
