// What an application does with piston-client; only the address is ours. Prints what it got, as JSON.
import { readFileSync } from 'node:fs';
import piston from 'piston-client';

const client = piston({ server: process.env.SERVER });
const PANDAS = 'import pandas as pd\nprint(pd.DataFrame({"a": [1, 2, 3]}).a.sum())';

const got = {
  version: JSON.parse(
    readFileSync(new URL('./node_modules/piston-client/package.json', import.meta.url), 'utf8'),
  ).version,
  runtimes: await client.runtimes(),
  hello: await client.execute('python', 'print("hello")'),
  pinned: await client.execute({
    language: 'python',
    version: '3.10.0',
    files: [{ content: 'print(input())' }],
    stdin: 'in',
  }),
  args: await client.execute('python', 'import sys\nprint(sys.argv[1:])', { args: ['a', 'b'] }),
  files: await client.execute({
    language: 'python',
    version: '3.x',
    files: [
      { name: 'main.py', content: 'import lib\nprint(lib.answer())' },
      { name: 'lib.py', content: 'def answer():\n    return 42' },
    ],
  }),
  raised: await client.execute('python', '1 / 0'),
  timedOut: await client.execute('python', 'while True: pass', { runTimeout: 500 }),
  unknown: await client.execute({ language: 'javascript', version: '*', files: [{ content: '1' }] }),
  pandasMs: [],
};
for (let n = 0; n < 10; n++) {
  const begin = performance.now();
  const answer = await client.execute('python', PANDAS);
  if (answer.run?.stdout !== '6\n') throw new Error(JSON.stringify(answer));
  got.pandasMs.push(performance.now() - begin);
}
console.log(JSON.stringify(got));
