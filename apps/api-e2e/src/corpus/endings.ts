import type { CorpusTheme } from './corpus-case';

export const ENDINGS: CorpusTheme = {
  theme: 'scripts that end their process',
  cases: [
    {
      name: 'SystemExit in main is SCRIPT_EXITED with its status',
      script: 'def main():\n    print("before")\n    raise SystemExit(3)',
      answer: {
        code: 'SCRIPT_EXITED',
        error: /exit\(3\).*\(line 3\)/,
        line: 3,
        column: 5,
        stdout: 'before\n',
      },
    },
    {
      name: 'SystemExit with a message is SCRIPT_EXITED with that message',
      script: 'def main():\n    raise SystemExit("giving up")',
      answer: { code: 'SCRIPT_EXITED', error: /giving up/, line: 2, column: 5 },
    },
    {
      name: 'SystemExit in the module body is SCRIPT_EXITED, also with status 0',
      script: 'raise SystemExit\ndef main(): pass',
      answer: { code: 'SCRIPT_EXITED', error: /exit\(0?\)/, line: 1, column: 1 },
    },
    {
      name: 'os._exit is SCRIPT_EXITED with its status, and what was printed is kept',
      script: 'import posix\ndef main():\n    print("before")\n    posix._exit(7)',
      answer: { code: 'SCRIPT_EXITED', error: /exit code 7/, stdout: 'before\n' },
    },
    {
      name: 'os._exit(0) is no result',
      script: 'import posix\ndef main():\n    posix._exit(0)',
      answer: { code: 'SCRIPT_EXITED', error: /exit code 0/ },
    },
    {
      name: 'SystemExit inside a thread ends that thread only',
      script:
        'import threading\ndef stop():\n    raise SystemExit(1)\ndef main():\n    t = threading.Thread(target=stop)\n    t.start()\n    t.join()\n    return "on"',
      answer: { result: '"on"' },
    },
    {
      name: 'a read through a null pointer is SCRIPT_CRASHED by SIGSEGV',
      script: 'import ctypes\ndef main():\n    print("before")\n    return ctypes.string_at(0)',
      answer: { code: 'SCRIPT_CRASHED', error: /SIGSEGV/, stdout: 'before\n' },
    },
    {
      name: 'abort() is SCRIPT_CRASHED by SIGABRT',
      script: 'import posix\ndef main():\n    posix.abort()',
      answer: { code: 'SCRIPT_CRASHED', error: /SIGABRT/ },
      inCloud: {
        answer: { code: 'SCRIPT_CRASHED', error: /SIGABRT|SIGSEGV/ },
        reason: 'where the run is pid 1 of its namespace, abort() ends as a segmentation fault',
      },
    },
  ],
};
