/** System calls that a cell has no use for, by processor: [x64, arm64]; undefined where there is none. */
const FORBIDDEN: Readonly<Record<string, readonly [number | undefined, number | undefined]>> = {
  fork: [57, undefined],
  vfork: [58, undefined],
  execveat: [322, 281],
  setsid: [112, 157],
  setpgid: [109, 154],

  socket: [41, 198],
  socketpair: [53, 199],
  connect: [42, 203],
  bind: [49, 200],
  listen: [50, 201],

  kill: [62, 129],
  tkill: [200, 130],
  rt_sigqueueinfo: [129, 138],
  rt_tgsigqueueinfo: [297, 240],
  pidfd_send_signal: [424, 424],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],

  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  unshare: [272, 97],
  setns: [308, 268],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],

  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  keyctl: [250, 219],
  add_key: [248, 217],
  request_key: [249, 218],

  // Memory that the limit of data does not count.
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  semget: [64, 190],
  msgget: [68, 186],
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

/** Numbers of the calls that fail with EPERM. */
export function forbiddenCalls(arch: string): number[] {
  const machine = MACHINES[arch];
  if (machine === undefined) return [];
  return Object.values(FORBIDDEN)
    .map((call) => call[machine.column])
    .filter((number) => number !== undefined);
}

/**
 * A filter for system calls, as bubblewrap takes it: no new processes (threads are Node's own need), no sockets, no
 * looking into other processes.
 * @returns undefined for a processor that it does not know
 */
export function seccompFilter(arch: string): Buffer | undefined {
  const machine = MACHINES[arch];
  if (machine === undefined) return undefined;
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
    ...forbiddenCalls(arch).flatMap((number) => [
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
