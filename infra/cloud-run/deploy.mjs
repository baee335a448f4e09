/**
 * Deploys the API to Cloud Run: an account without roles if there is none yet, then service.yaml (or service-gvisor.yaml)
 * with your values in it. Needs gcloud, signed in, and an image in a registry that Cloud Run reads.
 *
 *   node infra/cloud-run/deploy.mjs --project P --region R --image I [options]
 *
 * --project, --region   of Google Cloud, such as my-project and europe-west1
 * --image               of infra/docker/api.cloud.Dockerfile, with a tag of its own or a digest
 * --gvisor              the first generation with JAIL_PROFILE=gvisor, instead of the second with the full jail
 * --cors-origins        origins that a browser may call from, separated by commas; the service's default is loopback
 * --service-account     name of the account, pycell-api unless said
 * --public              lets everybody call it; without, callers need the role run.invoker
 * --dry-run             prints the commands and the YAML, and does nothing; needs no gcloud
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** As in the YAML files. */
const SERVICE = 'pycell-api';
/** What the service itself takes when nothing is said. */
const DEFAULT_ORIGINS = 'http://localhost:3000,http://127.0.0.1:3000';

/** The YAML with its values in it; service.yaml itself, with places for them, would be refused. */
const RENDERED = 'rendered-service.yaml';

class DeployError extends Error {}

const OPTIONS = {
  project: { type: 'string' },
  region: { type: 'string' },
  image: { type: 'string' },
  gvisor: { type: 'boolean', default: false },
  'cors-origins': { type: 'string', default: DEFAULT_ORIGINS },
  'service-account': { type: 'string', default: SERVICE },
  public: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/** What each value must look like. They go into YAML, so that nothing in them may mean something there. */
const FORMS = {
  project: [/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'a project id, such as my-project'],
  region: [/^[a-z]+-[a-z]+\d+$/, 'a region, such as europe-west1'],
  image: [
    /^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)+(?::(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$/,
    'an image of a registry with a tag other than latest, or a digest: what runs must be known later',
  ],
  'service-account': [/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'the name of an account, without its domain'],
  'cors-origins': [
    /^https?:\/\/[\w.-]+(?::\d+)?(?:,https?:\/\/[\w.-]+(?::\d+)?)*$/,
    'origins such as https://console.example.org, separated by commas',
  ],
};

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({ options: OPTIONS }));
  } catch (error) {
    // An option that there is not.
    throw new DeployError(error.message);
  }
  if (values.help) {
    return null;
  }
  const problems = Object.entries(FORMS)
    .filter(([name, [form]]) => !form.test(values[name] ?? ''))
    .map(([name, [, expected]]) => `--${name} is "${values[name] ?? ''}", expected ${expected}`);
  if (problems.length > 0) {
    throw new DeployError(problems.join('\n'));
  }
  return values;
}

/** Returns the YAML with these values in it; one that is missing is an error, never an empty place. */
export function renderService(template, values) {
  return template.replace(/^([^#\n]*)\$\{(\w+)\}/gm, (_, before, name) => {
    if (values[name] === undefined) {
      throw new DeployError(`There is no value for \${${name}}`);
    }
    return before + values[name];
  });
}

function accountEmail({ project, 'service-account': name }) {
  return `${name}@${project}.iam.gserviceaccount.com`;
}

function render(options) {
  const name = options.gvisor ? 'service-gvisor.yaml' : 'service.yaml';
  const template = readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');
  return renderService(template, {
    IMAGE: options.image,
    SERVICE_ACCOUNT: accountEmail(options),
    CORS_ORIGINS: options['cors-origins'],
  });
}

/** The commands, in their order. `unless`: the command that succeeds where this one is not needed. */
function stepsOf(options, file) {
  const project = ['--project', options.project];
  const place = [...project, '--region', options.region];
  const steps = [
    {
      unless: ['iam', 'service-accounts', 'describe', accountEmail(options), ...project],
      command: ['iam', 'service-accounts', 'create', options['service-account'], ...project],
    },
    { command: ['run', 'services', 'replace', file, ...place] },
  ];
  if (options.public) {
    const everybody = ['--member', 'allUsers', '--role', 'roles/run.invoker'];
    steps.push({ command: ['run', 'services', 'add-iam-policy-binding', SERVICE, ...everybody, ...place] });
  }
  return steps;
}

function describeSteps(options, yaml) {
  const lines = stepsOf(options, RENDERED).map(({ unless, command }) => {
    const line = `gcloud ${command.join(' ')}`;
    return unless ? `gcloud ${unless.join(' ')} || ${line}` : line;
  });
  return `# Nothing is done. These commands would run:\n#   ${lines.join('\n#   ')}\n# with this as ${RENDERED}:\n${yaml}`;
}

function gcloud(args, stdio) {
  const { status, error } = spawnSync('gcloud', args, { stdio });
  if (error) {
    throw new DeployError(`gcloud cannot be started (${error.message}): install Google Cloud's SDK`);
  }
  return status === 0;
}

function deploy(options, yaml) {
  const folder = mkdtempSync(join(tmpdir(), 'pycell-deploy-'));
  try {
    const file = join(folder, RENDERED);
    writeFileSync(file, yaml);
    for (const { unless, command } of stepsOf(options, file)) {
      if (!(unless && gcloud(unless, 'ignore')) && !gcloud(command, 'inherit')) {
        throw new DeployError(`This failed, and nothing after it was tried: gcloud ${command.join(' ')}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function main() {
  const options = readOptions();
  if (!options) {
    const [documentation] = /^\/\*\*[^]*?\*\//.exec(readFileSync(fileURLToPath(import.meta.url), 'utf8'));
    process.stdout.write(`${documentation.replace(/^\/\*\*\n|^ \*\/$|^ \* ?/gm, '')}\n`);
    return;
  }
  const yaml = render(options);
  if (options['dry-run']) {
    process.stdout.write(describeSteps(options, yaml));
  } else {
    deploy(options, yaml);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    process.stderr.write(`${error instanceof DeployError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
