import { type ContainmentTheme, hostile } from './containment-case';

/** Far above MEMORY_LIMIT_MB, and less than a host has. */
const MEMORY_ERROR = { fails: ['MEMORY_LIMIT'] } as const;

const MIB = 1024 * 1024;

/** Takes 150 MiB, and has its first thread exit alone; then another thread tells an outcome. */
function withoutFirstThread(told: string): string {
  return hostile`
    kept = bytearray(150 << 20)
    for place in range(0, len(kept), 4096):
        kept[place] = 1
    globals()["kept"] = kept
    def late():
        time.sleep(0.2)
        os.write(descriptors()[-1], TOLD)
        time.sleep(5)
    threading.Thread(target=late).start()
    libc.syscall(60, 0)
  `.replace('TOLD', () => told);
}

export const MEMORY: ContainmentTheme = {
  theme: 'cannot have more memory than MEMORY_LIMIT_MB',
  cases: [
    { name: 'as a bytearray', script: hostile`return len(bytearray(1 << 30))`, outcome: MEMORY_ERROR },
    {
      name: 'as lists that grow',
      script: hostile`
        kept = []
        while True:
            kept.append([None] * 1_000_000)
      `,
      outcome: MEMORY_ERROR,
    },
    {
      name: 'as an array of numpy',
      script: `import numpy\n${hostile`return float(numpy.ones(1 << 28).sum())`}`,
      outcome: MEMORY_ERROR,
    },
    {
      name: 'as a private mapping',
      script: hostile`
        import mmap
        return len(mmap.mmap(-1, 1 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
      `,
      outcome: MEMORY_ERROR,
    },
    {
      name: 'as a shared mapping',
      script: hostile`
        import mmap
        return len(mmap.mmap(-1, 1 << 30, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS))
      `,
      outcome: MEMORY_ERROR,
    },
    {
      name: 'as many small mappings, shared and private, together with files in /tmp',
      script: hostile`
        import mmap
        held = 0
        for folder in ("/tmp", "/dev/shm"):
            try:
                with open(folder + "/f", "wb", buffering=0) as file:
                    while True:
                        held += file.write(b"x" * 65536)
            except OSError:
                pass
        kept = []
        try:
            while True:
                kept.append(mmap.mmap(-1, 1 << 20, flags=(mmap.MAP_SHARED, mmap.MAP_PRIVATE)[len(kept) % 2] | mmap.MAP_ANONYMOUS))
                held += 1 << 20
        except (OSError, MemoryError):
            pass
        return held <= 512 << 20
      `,
      outcome: { returns: true },
    },
    {
      name: 'as shared memory that is unmapped but for a page, whose other pages stay',
      script: hostile`
        import mmap
        SHARED_ANONYMOUS, VALIDATED = 0x21, 0x23
        raw = [call(9, 0, 1 << 20, 3, flags, -1, 0) for flags in (SHARED_ANONYMOUS, VALIDATED, SHARED_ANONYMOUS | 0x4000)]
        kept = []
        for _ in range(100):
            mapping = mmap.mmap(-1, 8 << 20)
            for page in range(0, 8 << 20, 4096):
                mapping[page] = 1
            mapping.resize(4096)
            kept.append(mapping)
        return [raw, attempt(os.open, "/dev/zero", os.O_RDWR), bytes(kept[0][:1]) == b"\x01"]
      `,
      outcome: { returns: [['EPERM', 'EPERM', 'EPERM'], 'ENOENT', true] },
    },
    {
      name: 'and anonymous mappings of every kind work, though they are private',
      script: hostile`
        import mmap
        kinds = [{}, {"access": mmap.ACCESS_WRITE}, {"access": mmap.ACCESS_COPY}, {"flags": mmap.MAP_SHARED | mmap.MAP_ANONYMOUS}, {"flags": mmap.MAP_PRIVATE}]
        seen = []
        for kind in kinds:
            with mmap.mmap(-1, 8192, **kind) as mapping:
                mapping.write(b"hello")
                seen.append([mapping[:5], isinstance(mapping, mmap.mmap), type(mapping).__name__])
        return [seen == [[b"hello", True, "mmap"]] * len(kinds), attempt(mmap.mmap, -1, 4096, access=mmap.ACCESS_READ)[0]]
      `,
      outcome: { returns: [true, 'did'] },
    },
    {
      name: 'as an anonymous file, which has none of the limits',
      safe: true,
      script: hostile`return [attempt(os.memfd_create, "x"), call(447, 0)]`,
      outcome: { returns: ['EPERM', 'EPERM'] },
    },
    {
      name: 'by raising its limit: what is kept for telling of the end is all that there is',
      safe: true,
      script: hostile`
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        return [hard - soft <= 32 << 20, attempt(resource.setrlimit, resource.RLIMIT_AS, (hard + 1, hard + 1))]
      `,
      outcome: { returns: [true, 'ValueError'] },
    },
    {
      name: 'unseen, by having its first thread exit before it tells its result',
      script: withoutFirstThread(`result_frame(b'"hidden"')`),
      outcome: { returns: 'hidden' },
      tookBytes: 145 * MIB,
    },
    {
      name: 'unseen, by having its first thread exit before it spoils its channel',
      script: withoutFirstThread('b"garbage garbage"'),
      outcome: { fails: ['SCRIPT_CRASHED'] },
      tookBytes: 145 * MIB,
    },
  ],
};
