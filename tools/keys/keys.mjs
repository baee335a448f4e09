/**
 * `npm run keys`: the file of keys (API_KEYS_FILE). A key goes to standard output alone, once, and nowhere else; the file has its
 * hash. Everything that is said besides goes to standard error.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadSettings } from '../set-up/places.mjs';
import { runMain, SetUpError } from '../set-up/progress.mjs';
import { readKeysFile, updateKeysFile } from './key-store.mjs';
import { callbackSecret, newKey, warningsFor, withoutKeys } from './rules.mjs';
import { applyTerms, tableOf, TERM_OPTIONS } from './terms.mjs';

const USAGE = `npm run keys -- COMMAND [NAME] [options]

  add NAME      makes a key and prints it, once
  rotate NAME   makes another one for the same name; the old one goes on working
  retire NAME   ends all but the newest of a name
  set NAME      changes what it may do
  disable NAME  switches it off            enable NAME  switches it on again
  remove NAME   ends it for good           list         shows all, without their hashes
  callback-secret [NAME]   prints what callbacks of a key are signed with, by CALLBACK_SECRET; without NAME, of callers without keys

of add and set; "default" takes one back, the service's own then holds:
  --rate 600/60  requests in seconds       --places 2         runs at once
  --timeout-ms 2000                        --memory-mb 256    --script-size 5000
  --policy enforce | off | allow:open,os   --expires 2027-01-31T00:00:00Z
everywhere:
  --file FILE    default: API_KEYS_FILE, else keys.json in this folder

To pass a key on, keep npm quiet:  npm run -s keys -- add NAME | ...`;

function say(text) {
  process.stderr.write(`${text}\n`);
}

function find(keys, name) {
  const key = keys.find((candidate) => candidate.name === name);
  if (!key) {
    throw new SetUpError(`There is no key of the name "${name}": "npm run keys -- list" shows them.`);
  }
  return key;
}

/** What each command does to the list of keys. @returns what is said, and the key that is printed, if any */
const COMMANDS = {
  add(keys, name, options) {
    if (keys.some((candidate) => candidate.name === name)) {
      throw new SetUpError(
        `There is a key of the name "${name}" already: rotate it, or choose another name.`,
      );
    }
    const { key, hash } = newKey();
    const added = { name, sha256: [hash] };
    applyTerms(added, options);
    keys.push(added);
    return { key, text: 'was added. The key is shown this once' };
  },

  rotate(keys, name) {
    const { key, hash } = newKey();
    find(keys, name).sha256.push(hash);
    return {
      key,
      text: `has another key, shown this once. The old one works until "npm run keys -- retire ${name}"`,
    };
  },

  retire(keys, name) {
    const found = find(keys, name);
    const ended = found.sha256.splice(0, found.sha256.length - 1).length;
    return {
      text: ended === 0 ? 'has one key only, which stays' : `has its newest key only: ${ended} ended`,
    };
  },

  set(keys, name, options) {
    const fields = applyTerms(find(keys, name), options);
    if (fields.length === 0) {
      throw new SetUpError('set needs what to set, such as --places 2.');
    }
    return { text: `was changed: ${fields.join(', ')}` };
  },

  disable(keys, name) {
    find(keys, name).disabled = true;
    return { text: 'is switched off' };
  },

  enable(keys, name) {
    delete find(keys, name).disabled;
    return { text: 'is switched on' };
  },

  remove(keys, name) {
    keys.splice(keys.indexOf(find(keys, name)), 1);
    return { text: 'was removed' };
  },
};
const WITH_TERMS = ['add', 'set'];
const CALLBACK_SECRET = 'callback-secret';

function parse() {
  const options = { ...TERM_OPTIONS, file: { type: 'string' }, help: { type: 'boolean', default: false } };
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new SetUpError(`${error.message}\n\n${USAGE}`); // a wrong option: the message names it
  }
}

function takes(command, name) {
  if (command === 'list') return name === undefined;
  return command === CALLBACK_SECRET || (Object.hasOwn(COMMANDS, command ?? '') && Boolean(name));
}

function checkCommand([command, name, ...more], terms) {
  if (!takes(command, name) || more.length > 0) {
    throw new SetUpError(USAGE);
  }
  const wrong = WITH_TERMS.includes(command) ? undefined : terms.find((option) => option !== 'file');
  if (wrong) {
    throw new SetUpError(`--${wrong} goes with ${WITH_TERMS.join(' and ')}, not with ${command}.`);
  }
}

async function main() {
  const { positionals, values } = parse();
  const { help, ...options } = values;
  if (help) {
    say(USAGE);
    return;
  }
  checkCommand(positionals, Object.keys(options));
  loadSettings();
  const [command, name] = positionals;
  const file = resolve(options.file || process.env.API_KEYS_FILE || 'keys.json');
  if (command === 'list') {
    const { entries } = readKeysFile(file);
    process.stdout.write(`${tableOf(entries)}\n`);
    return;
  }
  if (command === CALLBACK_SECRET) {
    printCallbackSecret(file, name);
    return;
  }
  await updateKeysFile(
    file,
    (keys) => COMMANDS[command](keys, name, options),
    ({ result, entries }) => {
      if (result.key) {
        process.stdout.write(`${result.key}\n`);
      }
      say(`"${name}" ${result.text}. A service with API_KEYS_FILE=${file} knows it within 2 seconds.`);
      warn(entries.filter((entry) => entry.name === name));
    },
  );
}

/** The secret goes to standard output alone; the file of keys stays as it is. */
function printCallbackSecret(file, name) {
  if (name !== undefined) {
    find(readKeysFile(file).entries, name);
  }
  process.stdout.write(`${callbackSecret(process.env.CALLBACK_SECRET ?? '', name ?? null)}\n`);
  say(`Callbacks of ${name === undefined ? 'callers without a key' : `"${name}"`} are signed with it.`);
}

function warn(entries) {
  for (const warning of warningsFor(entries, process.env)) {
    say(`The service of this environment would refuse the file: ${warning}.`);
  }
}

/** Messages quote what was wrong, and people paste keys everywhere: none goes on from here into a log or a ticket. */
function hideKeys(error) {
  const mayHaveOne = error instanceof SetUpError && error.message.includes('pycell_');
  return mayHaveOne ? new SetUpError(withoutKeys(error.message)) : error;
}

await runMain(async () => {
  try {
    await main();
    return 0;
  } catch (error) {
    throw hideKeys(error);
  }
});
