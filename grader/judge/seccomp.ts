/** System calls that a cell has no use for, by processor: [x64, arm64]; undefined where there is none. */
const FORBIDDEN: Readonly<Record<string, readonly [number | undefined, number | undefined]>> = {
  fork: [57, undefined],
  vfork: [58, undefined],
  socket: [41, 198],
  connect: [42, 203],
  bind: [49, 200],
  listen: [50, 201],
  ptrace: [101, 117],
  kill: [62, 129],
  tkill: [200, 130],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  unshare: [272, 97],
  setns: [308, 268],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  keyctl: [250, 219],
  add_key: [248, 217],
  io_uring_setup: [425, 425],
  memfd_create: [319, 279],
  setsid: [112, 157],
  setpgid: [109, 154],
};

const MACHINES: Readonly<
  Record<string, { readonly audit: number; readonly clone: number; readonly column: 0 | 1 }>
> = {
  x64: { audit: 0xc000003e, clone: 56, column: 0 },
  arm64: { audit: 0xc00000b7, clone: 220, column: 1 },
};

const CLONE3 = 435;
/** From here on the numbers mean the calls of another ABI. */
const X32 = 0x40000000;
const CLONE_THREAD = 0x00010000;
const EPERM = 1;
const ENOSYS = 38;

/** Offsets in struct seccomp_data: the call's number, the machine, and the lower half of the first argument. */
const DATA = { number: 0, machine: 4, argument: 16 } as const;
const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const JUMP_IF_ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const FAIL_WITH = 0x00050000;

/**
 * A filter for system calls, as bubblewrap takes it: no new processes (threads are Node's own need), no sockets, no
 * looking into other processes.
 * @returns undefined for a processor that it does not know
 */
export function seccompFilter(arch: string): Buffer | undefined {
  const machine = MACHINES[arch];
  if (machine === undefined) return undefined;
  const numbers = Object.values(FORBIDDEN)
    .map((call) => call[machine.column])
    .filter((number) => number !== undefined);
  const program: number[][] = [
    [LOAD, 0, 0, DATA.machine],
    [JUMP_IF_EQUAL, 1, 0, machine.audit],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD, 0, 0, DATA.number],
    [JUMP_IF_AT_LEAST, 0, 1, X32],
    [RETURN, 0, 0, KILL_PROCESS],
    // glibc then falls back to clone, whose flags can be looked at.
    [JUMP_IF_EQUAL, 0, 1, CLONE3],
    [RETURN, 0, 0, FAIL_WITH | ENOSYS],
    ...numbers.flatMap((number) => [
      [JUMP_IF_EQUAL, 0, 1, number],
      [RETURN, 0, 0, FAIL_WITH | EPERM],
    ]),
    [JUMP_IF_EQUAL, 0, 3, machine.clone],
    [LOAD, 0, 0, DATA.argument],
    [JUMP_IF_ANY_BIT, 1, 0, CLONE_THREAD],
    [RETURN, 0, 0, FAIL_WITH | EPERM],
    [RETURN, 0, 0, ALLOW],
  ];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [i, [code, isTrue, isFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(isTrue, i * 8 + 2);
    bytes.writeUInt8(isFalse, i * 8 + 3);
    bytes.writeUInt32LE(value, i * 8 + 4);
  }
  return bytes;
}
