import { API_PATHS } from '@pycell/contracts';
import { codeBlocksOf, readDocument } from './documentation/code-blocks';
import { answerLike } from './documentation/documented-answer';
import { brokenLinksOf, DOCUMENTS, GUIDES, missingPathsOf } from './documentation/document-names';
import { isClient, runBlock } from './documentation/run-block';
import { ApiServer } from './harness/api-server';
import { JAIL_FAULT } from './harness/jail-support';

const HAS_JAIL = process.env[JAIL_FAULT] === '';
const OF_INTERFACES = /\/mcp\b/;

describe('What the documents show', () => {
  let server: ApiServer;

  beforeAll(async () => {
    // In the jail where there can be one: that is what readers have. Without it there are no interfaces.
    server = await ApiServer.start(HAS_JAIL ? { BUILD: 'cloud', INTERFACES: 'mcp' } : { BUILD: 'local' });
  });

  afterAll(() => server.stop());

  it.each(
    GUIDES.flatMap(codeBlocksOf)
      .filter((block) => isClient(block) && (HAS_JAIL || !OF_INTERFACES.test(block.text)))
      .map((block) => [block.place, block] as const),
  )('%s works as it stands', async (_place, block) => {
    const { status, stdout, stderr } = await runBlock(block, server.client.baseUrl);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    if (block.output?.language === 'json') {
      expect(JSON.parse(stdout)).toEqual(answerLike(JSON.parse(block.output.text)));
    } else if (block.output) {
      expect(stdout.trimEnd()).toBe(block.output.text.trimEnd());
    } else {
      expect(stdout).toMatch(/^\{"result":/);
    }
  });

  it.each(GUIDES)('%s has such examples', (name) => {
    expect(codeBlocksOf(name).filter(isClient).length).toBeGreaterThan(1);
  });

  it('docs/openapi.json is what the service says of itself', async () => {
    const { body } = await server.client.get(API_PATHS.openapi);
    expect(body).toEqual(JSON.parse(readDocument('docs/openapi.json')));
  });
});

describe('The documents', () => {
  it.each(DOCUMENTS)('%s links to what is there', (name) => {
    expect(brokenLinksOf(name)).toEqual([]);
  });

  it.each(DOCUMENTS)('%s names files that are there', (name) => {
    expect(missingPathsOf(name)).toEqual([]);
  });

  it('README has at most 100 lines', () => {
    expect(readDocument('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(100);
  });

  it('docs/configuration.md has the variables of .env.example, and no others', () => {
    const inTables = readDocument('docs/configuration.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => /`([A-Z_]+)`/.exec(line)?.[1]);
    const inTemplate = Array.from(
      readDocument('.env.example').matchAll(/^#([A-Z_]+)=/gm),
      ([, name]) => name,
    );
    expect(inTables.sort()).toEqual(inTemplate.sort());
  });
});
