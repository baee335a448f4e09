/**
 * The first process of a LimitedContainer: makes the throw-away copy, takes a layer out of it, starts the service, and
 * carries connections between a socket in the shared folder and the service, whose network is the container's own.
 */
const { spawn, spawnSync } = require('node:child_process');
const {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} = require('node:fs');
const { connect, createServer } = require('node:net');
const { basename, dirname, join } = require('node:path');

const SCRATCH = '/scratch';
const [, , sharedFolder = ''] = process.argv;
const plan = JSON.parse(readFileSync(join(sharedFolder, 'plan.json'), 'utf8'));

/** Puts a layer over a read-only folder: what is written goes to the container's memory, and away with it. */
function makeWritable(folder, index) {
  const [upper, work] = ['upper', 'work'].map((name) => join(SCRATCH, `${name}-${index}`));
  [upper, work].forEach((path) => mkdirSync(path));
  // Whoever may look into the folder may look into its copy.
  chmodSync(upper, 0o755);
  const options = `lowerdir=${folder},upperdir=${upper},workdir=${work}`;
  const { status, stderr } = spawnSync('mount', ['-t', 'overlay', 'overlay', '-o', options, folder]);
  if (status !== 0) {
    throw new Error(`no copy of ${folder}: ${stderr}`);
  }
}

/** Adds lines to a file of the copy. Python's compiled form of it, which is taken unseen, goes. */
function append({ file, lines }) {
  readFileSync(file); // it must be there: a layer that is elsewhere now would stay
  appendFileSync(file, `\n${lines}\n`);
  const compiled = join(dirname(file), '__pycache__');
  const name = `${basename(file, '.py')}.`;
  for (const entry of file.endsWith('.py') ? readdirSync(compiled) : []) {
    if (entry.startsWith(name)) {
      rmSync(join(compiled, entry));
    }
  }
}

/** Takes lines out of a file of the copy, or puts others in their place. */
function edit({ file, pattern, replacement }) {
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(new RegExp(pattern, 'gm'), replacement);
  if (changed === text) {
    throw new Error(`${file} has nothing that is ${pattern}`);
  }
  writeFileSync(file, changed);
}

function startService() {
  const environment = {
    PATH: process.env.PATH,
    HOST: '127.0.0.1',
    PORT: String(plan.port),
    METRICS_PORT: 'off',
    ...plan.environment,
  };
  const service = spawn(process.execPath, ['dist/apps/api/main.js'], {
    cwd: plan.installation,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  service.once('exit', (code) => process.exit(code ?? 1));
}

function carryConnections() {
  const server = createServer((client) => {
    const service = connect(plan.port, '127.0.0.1');
    client.on('error', () => service.destroy());
    service.on('error', () => client.destroy());
    client.pipe(service).pipe(client);
  });
  server.listen(join(sharedFolder, 'service.sock'));
}

plan.copied.forEach(makeWritable);
plan.appends.forEach(append);
plan.edits.forEach(edit);
if (plan.launcher) {
  writeFileSync(join(SCRATCH, 'nsjail'), plan.launcher, { mode: 0o755 });
}
startService();
carryConnections();
// The container ends with whoever started it, however that ends.
process.stdin.resume().once('end', () => process.exit(0));
