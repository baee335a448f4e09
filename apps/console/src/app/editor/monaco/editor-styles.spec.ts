import { loadEditorStyles } from './editor-styles';

const links = (): HTMLLinkElement[] => [...document.head.querySelectorAll('link')];

it('links the styles of the editor once, and once more only where they could not be fetched', async () => {
  const first = loadEditorStyles();
  links()[0]?.dispatchEvent(new Event('error'));
  await expect(first).rejects.toThrow('could not be loaded');
  expect(links()).toHaveLength(0);
  const second = loadEditorStyles();
  links()[0]?.dispatchEvent(new Event('load'));
  await second;
  // As when the code of the editor was missing, and is asked for again.
  await loadEditorStyles();
  expect(links()).toHaveLength(1);
});
