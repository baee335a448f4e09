import { type ContainmentCase, type ContainmentTheme, hostile } from './containment-case';

/** Puts its own matplotlib there, whose one figure does as it is told. The service would have the run draw it. */
function drawing(name: string, body: string, outcome: ContainmentCase['outcome']): ContainmentCase {
  const script = hostile`
    import types
    class Figure:
        def savefig(self, file, format):
            BODY
    figure = Figure()
    manager = types.SimpleNamespace(num=1, canvas=types.SimpleNamespace(figure=figure))
    sys.modules["matplotlib"] = types.SimpleNamespace(rcParams={"savefig.format": "png"})
    sys.modules["matplotlib._pylab_helpers"] = types.SimpleNamespace(Gcf=types.SimpleNamespace(figs={1: manager}))
    return "returned"
  `.replace('BODY', () => body);
  return { name: `a figure ${name}`, script, outcome };
}

const TOO_LARGE = { fails: ['ARTIFACTS_TOO_LARGE'] } as const;
/** There is no folder for artifacts. */
const NOWHERE = { fails: ['SCRIPT_ERROR'] } as const;

export const ARTIFACTS: ContainmentTheme = {
  theme: 'that leaves files and figures',
  cases: [
    {
      name: 'sends nothing that a link names, nor a folder, nor a device',
      script: hostile`
        os.mkdir("output/folder")
        for index, target in enumerate(("/etc/passwd", "/", "..", "/dev/zero", "/dev/random", "/tmp", "loop", "/usr/bin/python3")):
            os.symlink(target, "output/link-%d" % index)
            os.symlink(target, "output/folder/link-%d" % index)
        os.symlink("loop", "output/loop")
        return attempt(os.link, "/usr/bin/python3", "output/hard") == ["did", "None"]
      `,
      outcome: { returns: false },
      insideGvisor: NOWHERE,
    },
    {
      name: 'sends nothing of a folder that it has put in the place of its own',
      script: hostile`
        os.rmdir("output")
        os.symlink("/etc", "output")
        return 1
      `,
      outcome: { returns: 1 },
      insideGvisor: NOWHERE,
    },
    {
      name: 'is not waited for where it leaves a pipe or a socket',
      script: hostile`
        return [attempt(os.mkfifo, "output/pipe") != ["did", "None"], attempt(os.mknod, "output/device", 0o20666, os.makedev(1, 5)) != ["did", "None"]]
      `,
      outcome: { returns: [true, true] },
    },
    {
      name: 'is refused thousands of files',
      script: hostile`
        for index in range(3500):
            os.close(os.open("output/%d" % index, os.O_CREAT))
      `,
      outcome: TOO_LARGE,
      insideGvisor: NOWHERE,
    },
    {
      name: 'is refused a file that is large only in name',
      script: hostile`
        os.truncate(os.open("output/sparse", os.O_CREAT | os.O_RDWR), 15 << 20)
      `,
      outcome: TOO_LARGE,
      insideGvisor: NOWHERE,
    },
    {
      name: 'ends somewhere, however deep its folders are',
      script: hostile`
        os.chdir("output")
        for depth in range(1500):
            os.mkdir("d" * 40)
            os.chdir("d" * 40)
        os.close(os.open("f", os.O_CREAT))
        return "deep"
      `,
      outcome: { returns: 'deep' },
      insideGvisor: NOWHERE,
    },
    {
      name: 'ends somewhere, while threads change what is read',
      script: hostile`
        def churn():
            while True:
                for name in ("a", "b"):
                    attempt(os.rename, "output/a", "output/b"), attempt(os.unlink, "output/b")
                    attempt(os.symlink, "/etc/passwd", "output/a"), attempt(os.unlink, "output/a")
                    attempt(os.mkdir, "output/a"), attempt(os.rmdir, "output/a")
        for _ in range(3):
            threading.Thread(target=churn, daemon=True).start()
        os.mkdir("output/keep")
        return 1
      `,
      outcome: { returns: 1 },
      insideGvisor: NOWHERE,
    },
    {
      name: 'gets names that lead a client nowhere else',
      script: hostile`
        for name in (b"..\\\\..\\\\x", b"C:evil", b"a\\nb", b"\\xff", b"CON", "\u202efdp.exe".encode()):
            os.close(os.open(b"output/" + name, os.O_CREAT))
      `.replaceAll('\\\\', '\\'),
      outcome: { returns: null },
      leaves: ['.._.._x', 'C_evil', '_CON', 'a_b', '_fdp.exe', '_'],
      insideGvisor: NOWHERE,
    },
    drawing('that never ends is ended by the time limit', 'time.sleep(60)', { fails: ['TIMEOUT'] }),
    drawing('that is larger than artifacts may be is refused', 'file.write(bytes(9 << 20))', TOO_LARGE),
    drawing('that raises is the script’s own error', 'raise ValueError("no")', {
      fails: ['SCRIPT_ERROR'],
      error: /could not be drawn: ValueError: no/,
    }),
    drawing('that exits is told so', 'os._exit(7)', { fails: ['SCRIPT_EXITED'], error: /exit code 7/ }),
    drawing('that raises SystemExit fails as any other', 'raise SystemExit(0)', {
      fails: ['SCRIPT_ERROR'],
      error: /could not be drawn: SystemExit/,
    }),
    {
      ...drawing(
        'that answers in the place of the run has answered',
        `os.write(descriptors()[-1], result_frame(b'"own"')); time.sleep(1)`,
        { returns: 'own' },
      ),
      onlyReturns: true,
    },
    {
      name: 'cannot write to the standard input that it was sent, nor to a file of another run',
      request: '"stdin": "secret of this run"',
      script: hostile`
        return [attempt(os.write, 0, b"x"), os.read(0, 100).decode()]
      `,
      outcome: { returns: ['EBADF', 'secret of this run'] },
    },
    {
      name: 'finds nothing of what came with the run before it',
      request: '"stdin": "s"',
      script: hostile`
        found = [os.path.join(folder, name) for folder, folders, files in os.walk("/tmp") for name in folders + files]
        return [sorted(found), os.read(0, 10).decode()]
      `,
      outcome: { returns: [['/tmp/work', '/tmp/work/output'], 's'] },
      insideGvisor: { returns: [[], 's'] },
    },
  ],
};
