/** `npm run setup`: everything that `node dist/apps/api/main.js` needs, and nothing is started. */
import { loadSettings } from './set-up/places.mjs';
import { note, runMain } from './set-up/progress.mjs';
import { setUp } from './set-up/set-up.mjs';

await runMain(async () => {
  loadSettings();
  const { sandboxRoot } = await setUp();
  note(`Ready. BUILD=${sandboxRoot ? 'cloud' : 'local'} node dist/apps/api/main.js starts the API.`);
  return 0;
});
