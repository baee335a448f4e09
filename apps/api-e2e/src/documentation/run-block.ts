import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { CHECKOUT, type CodeBlock } from './code-blocks';

/** The address that every document uses. */
const DOCUMENTED_URL = 'http://127.0.0.1:8080';

/** Our client: what it consists of, and its command. */
const PYTHON_CLIENT = join(CHECKOUT, 'clients/python');

export interface BlockRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whether a block is a client of the API: then it can be run as it stands. Other blocks install or start something. */
export function isClient({ language, text }: CodeBlock): boolean {
  return (
    language === 'python' || language === 'ts' || (language === 'sh' && /\bcurl\b|^pycell \w/m.test(text))
  );
}

/** Runs a block against the service at `baseUrl`, as a reader would. */
export function runBlock(block: CodeBlock, baseUrl: string): Promise<BlockRun> {
  const { file, args, input } = commandOf({
    ...block,
    text: block.text.replaceAll(DOCUMENTED_URL, baseUrl.replace(/\/$/, '')),
  });
  return new Promise((resolve, reject) => {
    // Guides are for `requests` and `httpx`, which the checks bring along, and for our own client.
    const env = {
      ...process.env,
      // What a block prints goes into a pipe here: whoever runs these tests may have told every program to colour all the same.
      FORCE_COLOR: '0',
      PYTHONPATH: [join(PYTHON_CLIENT, 'src'), join(CHECKOUT, '.pycell/checks')].join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
      PATH: [join(PYTHON_CLIENT, 'tests/bin'), process.env['PATH']].join(delimiter),
    };
    const child = spawn(file, args, { stdio: 'pipe', timeout: 30_000, env });
    const run = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        run[name] += text;
      });
    }
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, ...run }));
    child.stdin.end(input);
  });
}

function commandOf({ language, text }: CodeBlock): {
  readonly file: string;
  readonly args: readonly string[];
  readonly input: string;
} {
  switch (language) {
    case 'sh':
      return { file: 'sh', args: ['-e', '-s'], input: text };
    case 'python':
      return { file: process.env['PYTHON'] ?? 'python3', args: ['-'], input: text };
    case 'ts':
      return { file: process.execPath, args: ['--input-type=module', '-'], input: transpile(text) };
    default:
      throw new Error(`No way to run a block of ${language}`);
  }
}

function transpile(text: string): string {
  return transpileModule(text, {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 },
  }).outputText;
}
