import { freshName, type PairKind, pairScript } from './pair-kind';

const raw = String.raw;

/** Puts a mark where memory is: the heap, freed and kept, files, pipes, the environment of C. */
const LEAVE_MARKS = raw`
  mark = ("zebra-7" + NAME + "|").encode()
  kept = [bytearray(mark * 20_000) for _ in range(20)]
  small = [bytes(mark + b"%d" % n) for n in range(20_000)]
  del small[::2], kept[::2]
  for folder in ("/tmp", "/dev/shm"):
      with open(folder + "/f", "wb") as file:
          file.write(mark * 10_000)
  read, write = os.pipe()
  os.write(write, mark * 100)
  libc.setenv(b"PAIR", mark, 1)
  threads = [threading.Thread(target=lambda: bytearray(mark * 1000)) for _ in range(3)]
  for thread in threads:
      thread.start()
  for thread in threads:
      thread.join()
  os.chdir("/dev/shm")
  hold()
  return []
`;

/** Looks for such a mark, of anybody, in memory that nobody has written to yet, and in what a run begins with. */
const SEEK_MARKS = raw`
  import re
  mark = re.compile(b"[z]ebra-[7][a-z0-9]+")
  libc.malloc.restype = ctypes.c_void_p
  libc.mmap.restype = ctypes.c_void_p
  learned = []
  def seek(place, data):
      found = mark.search(data)
      if found:
          learned.append([place, found.group().decode()])
  for size in [64, 512, 4096, 65536] * 200 + [1 << 20] * 8:
      seek("heap", ctypes.string_at(libc.malloc(ctypes.c_size_t(size)), size))
  for flags in (0x22, 0x4022):
      size = 8 << 20
      seek("mapping", ctypes.string_at(libc.mmap(None, ctypes.c_size_t(size), 3, flags, -1, ctypes.c_long(0)), size))
  for folder in ("/tmp", "/dev/shm"):
      with open(folder + "/g", "wb+") as file:
          os.posix_fallocate(file.fileno(), 0, 500_000)
          seek(folder, file.read())
  environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
  index = 0
  while environ and environ[index]:
      seek("environ", environ[index])
      index += 1
  def pages(depth=0):
      frame = (ctypes.c_char * 8192)()
      seek("stack", frame.raw)
      return pages(depth + 1) if depth < 20 else None
  pages()
  return learned
`;

/** Changes everything of an interpreter and a process that a later one might inherit. */
const SPOIL = raw`
  import builtins, decimal, gc, json, locale, random
  os.umask(0)
  random.seed(7)
  builtins.PAIR = json.PAIR = sys.PAIR = "left"
  json.dumps = len
  os.environ["PAIR"] = "left"
  decimal.getcontext().prec = 3
  sys.setrecursionlimit(200)
  sys.path.insert(0, "/tmp")
  sys.setswitchinterval(1)
  gc.disable()
  signal.signal(signal.SIGUSR1, signal.SIG_IGN)
  signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
  for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_FSIZE):
      soft, hard = resource.getrlimit(kind)
      attempt(resource.setrlimit, kind, (soft - 1, hard - 1))
  attempt(os.nice, 5)
  attempt(os.setpriority, os.PRIO_PROCESS, 0, 7)
  attempt(os.sched_setaffinity, 0, {0})
  call(157, 15, b"left")
  hold()
  return []
`;

const INHERITED = raw`
  import builtins, decimal, gc, json, random
  umask = os.umask(0)
  name = ctypes.create_string_buffer(16)
  call(157, 16, name)
  return [
      umask, [hasattr(place, "PAIR") for place in (builtins, json, sys)], json.dumps([1]), dict(os.environ), decimal.getcontext().prec,
      sys.getrecursionlimit(), sys.path, sys.getswitchinterval(), gc.isenabled(), str(signal.getsignal(signal.SIGUSR1)),
      sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])), resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_FSIZE),
      os.getpriority(os.PRIO_PROCESS, 0), len(os.sched_getaffinity(0)), name.value.decode(), os.getcwd(), threading.active_count(),
  ]
`;

const RANDOM_STATE = raw`
  import hashlib, random, secrets, tempfile, uuid
  from numpy import random as numpy_random
  return [
      random.random(), hashlib.sha256(repr(random.getstate()).encode()).hexdigest(), random.Random().random(), random.SystemRandom().random(),
      secrets.token_hex(8), os.urandom(8).hex(), str(uuid.uuid4()), next(tempfile._get_candidate_names()),
      float(numpy_random.random()), float(numpy_random.default_rng().random()), float(numpy_random.RandomState().random_sample()),
  ]
`;

/** Attacks through what a run leaves behind, or has in common with others by its birth. */
export const REMAINS: readonly PairKind[] = [
  {
    name: 'left-overs in memory: none in the heap, in mappings, on the stack, in tmpfs',
    pair: (random) => ({
      victim: pairScript({ NAME: freshName(random) }, LEAVE_MARKS),
      attacker: pairScript({}, SEEK_MARKS),
    }),
  },
  {
    name: 'state of process and interpreter: each begins as all do',
    pair: () => ({ victim: pairScript({}, SPOIL), attacker: pairScript({}, INHERITED) }),
    findLearned: (answers) => {
      const states = [...new Set(answers.filter(isState).map((answer) => JSON.stringify(answer)))];
      return states.length === 1 ? [] : states;
    },
  },
  {
    name: 'random state: no two runs have a number in common',
    pair: () => {
      const script = pairScript({}, RANDOM_STATE);
      return { victim: script, attacker: script };
    },
    findLearned: (answers) => {
      const values = (answers as unknown[][]).flat();
      return values.filter((value, index) => values.indexOf(value) !== index);
    },
  },
];

/** The answers of those who only spoil are empty. */
function isState(answer: unknown): boolean {
  return Array.isArray(answer) && answer.length > 0;
}
