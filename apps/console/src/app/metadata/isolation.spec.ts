import { isolationText } from './isolation';

it('has words for each level, and the word itself for one of a newer API', () => {
  expect(isolationText('nsjail-per-run')).toBe('nsjail, a jail of its own for each run');
  expect(isolationText('microvm')).toBe('microvm');
  expect(isolationText('constructor')).toBe('constructor');
});
