/** The `docker run` lines of docs/operations.md: what people copy is what is tried. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../set-up/places.mjs';

const GUIDE = join(ROOT, 'docs/operations.md');
const README = join(ROOT, 'README.md');

/** Options of a line that are about the terminal or this machine's ports, with how many words each takes. */
const NOT_OF_THE_CONTAINER = {
  '--rm': 1,
  '--detach': 1,
  '-d': 1,
  '--name': 2,
  '-p': 2,
  '--publish': 2,
  '--network': 2,
};

/** Returns { image, options, environment, published } of every line of a document, in their order. */
function documentedRuns(document = GUIDE) {
  const text = readFileSync(document, 'utf8').replaceAll(/\\\n\s*/g, ' ');
  const lines = text.matchAll(/^docker run (.+)$/gm);
  return Array.from(lines, ([, line]) => readLine(line.trim().split(/\s+/)));
}

function readLine(words) {
  const options = [];
  const environment = {};
  const published = [];
  for (let index = 0; index < words.length - 1; index++) {
    const word = words[index];
    const taken = NOT_OF_THE_CONTAINER[word];
    if (['-e', '--env'].includes(word)) {
      const [, key, value] = /^([^=]+)=(.*)$/.exec(words[++index]);
      environment[key] = value;
    } else if (taken) {
      if (['-p', '--publish'].includes(word)) {
        published.push(words[index + 1]);
      }
      index += taken - 1;
    } else {
      options.push(word);
    }
  }
  return { image: words.at(-1), options, environment, published };
}

/** The line for the cloud image as an ordinary user, those as root (with a user namespace, and without), and the plain one. */
export function runsOfCloudImage() {
  const lines = documentedRuns().filter(({ image }) => image === 'pycell-api:cloud');
  const rootLines = lines.filter(({ options }) => options.includes('--user'));
  return {
    ordinary: only(
      lines.filter(({ options }) => options.includes('--cap-drop') && !options.includes('--user')),
    ),
    asRoot: only(rootLines.filter(({ environment }) => !environment.JAIL_PROFILE)),
    withoutUserNamespace: only(
      rootLines.filter(({ environment }) => environment.JAIL_PROFILE === 'no-user-namespace'),
    ),
    plain: only(lines.filter(({ options }) => options.length === 0)),
  };
}

/** The capabilities that a line adds, sorted. */
export function addedCapabilities({ options }) {
  return options.filter((_, index) => options[index - 1] === '--cap-add').sort();
}

/** The line that people see first. */
export function runInReadme() {
  return only(documentedRuns(README));
}

/** The line for another image. */
export function runOf(name) {
  return only(documentedRuns().filter(({ image }) => image === name));
}

function only(lines) {
  if (lines.length !== 1) {
    throw new Error(`docs/operations.md has ${lines.length} lines of that kind, expected one`);
  }
  return lines[0];
}
