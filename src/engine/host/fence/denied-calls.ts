/**
 * System calls that the engine has no use for, by the numbers of each processor: [x64, arm64].
 *
 * A list of what is refused, not of what is allowed: V8, the C library and the engine use what they
 * like of the rest, others with each version, and the way to data and machine is what must be shut.
 * Numbers from 424 on are the same everywhere. An undefined one does not exist there.
 */
export type CallNumbers = readonly [x64: number | undefined, arm64: number | undefined]

const everywhere = (number: number): CallNumbers => [number, number]

/** Refused once the host is in place: it takes the last `execve` to get there. */
export const PROGRAM_CALLS: Readonly<Record<string, CallNumbers>> = {
  execve: [59, 221],
  execveat: [322, 281],
}

export const DENIED_CALLS: Readonly<Record<string, CallNumbers>> = {
  // no network: the socket pairs that there are were inherited
  socket: [41, 198],
  socketpair: [53, 199],
  connect: [42, 203],
  bind: [49, 200],
  listen: [50, 201],
  accept: [43, 202],
  accept4: [288, 242],
  // another way to sockets and files; Node's event loop does without it when it is refused at first
  io_uring_setup: everywhere(425),
  io_uring_enter: everywhere(426),
  io_uring_register: everywhere(427),
  // no processes; `clone` without a thread: see call-filter.ts
  fork: [57, undefined],
  vfork: [58, undefined],
  // nothing of other processes
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  tkill: [200, 130],
  pidfd_send_signal: everywhere(424),
  pidfd_open: everywhere(434),
  pidfd_getfd: everywhere(438),
  process_madvise: everywhere(440),
  process_mrelease: everywhere(448),
  shmget: [29, 194],
  shmat: [30, 196],
  msgget: [68, 186],
  semget: [64, 190],
  mq_open: [240, 180],
  // owners, rights and attributes of files are no matter of the file rules
  chmod: [90, undefined],
  fchmod: [91, 52],
  fchmodat: [268, 53],
  fchmodat2: everywhere(452),
  chown: [92, undefined],
  lchown: [94, undefined],
  fchown: [93, 55],
  fchownat: [260, 54],
  setxattr: [188, 5],
  lsetxattr: [189, 6],
  fsetxattr: [190, 7],
  removexattr: [197, 14],
  lremovexattr: [198, 15],
  fremovexattr: [199, 16],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  // another view of the system
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: everywhere(428),
  move_mount: everywhere(429),
  fsopen: everywhere(430),
  fsconfig: everywhere(431),
  fsmount: everywhere(432),
  fspick: everywhere(433),
  mount_setattr: everywhere(442),
  unshare: [272, 97],
  setns: [308, 268],
  // other users
  setuid: [105, 146],
  setgid: [106, 144],
  setreuid: [113, 145],
  setregid: [114, 143],
  setresuid: [117, 147],
  setresgid: [119, 149],
  setgroups: [116, 159],
  setfsuid: [122, 151],
  setfsgid: [123, 152],
  capset: [126, 91],
  // the kernel and the machine: where most of its flaws were
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  adjtimex: [159, 171],
  clock_adjtime: [305, 266],
  syslog: [103, 116],
  vhangup: [153, 58],
  personality: [135, 92],
  iopl: [172, undefined],
  ioperm: [173, undefined],
  modify_ldt: [154, undefined],
}
