import { ConfigurationError, readConfiguration, type Configuration } from './configuration';

const CLOUD = { BUILD: 'cloud' };

function read(environment: NodeJS.ProcessEnv): Configuration['interfaces'] {
  return readConfiguration({ ...CLOUD, ...environment }).interfaces;
}

function problemsOf(environment: NodeJS.ProcessEnv): string {
  try {
    readConfiguration({ ...CLOUD, ...environment });
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).message;
  }
}

describe('INTERFACES', () => {
  it('is empty by default, with BUILD=local, too', () => {
    expect(read({})).toEqual({ names: [], keys: {}, toolsFolder: null });
    expect(read({ BUILD: 'local' }).names).toEqual([]);
  });

  it('names interfaces in any order, once each', () => {
    expect(read({ INTERFACES: 'ragflow, dify,ragflow' }).names).toEqual(['dify', 'ragflow']);
  });

  it('refuses names that are none, and all with BUILD=local', () => {
    expect(problemsOf({ INTERFACES: 'dify,DIFY,e2b' })).toContain('INTERFACES is "DIFY,e2b", expected names of mcp,');
    expect(problemsOf({ BUILD: 'local', INTERFACES: 'dify' })).toContain('there is no jail behind it');
  });
});

describe('INTERFACE_KEYS', () => {
  const keyed = { API_KEYS_FILE: '/keys.json', INTERFACES: 'ragflow,piston' };

  it('names for interfaces whose terms hold without a key', () => {
    expect(read({ ...keyed, INTERFACE_KEYS: 'ragflow=rag, piston = p.1' }).keys).toEqual({
      ragflow: 'rag',
      piston: 'p.1',
    });
  });

  it.each(['rag', 'ragflow=', '=rag', 'dify=a', 'ragflow=a=b'])('refuses %s', (text) => {
    expect(problemsOf({ ...keyed, INTERFACE_KEYS: text })).toContain(`INTERFACE_KEYS is "${text}"`);
  });

  it('is refused without keys', () => {
    expect(problemsOf({ INTERFACES: 'ragflow', INTERFACE_KEYS: 'ragflow=a' })).toContain(
      'expected API_KEYS_FILE beside it',
    );
  });
});

describe('MCP_TOOLS', () => {
  it('is a folder, and nothing without the interface', () => {
    expect(read({ INTERFACES: 'mcp', MCP_TOOLS: '/srv/tools' }).toolsFolder).toBe('/srv/tools');
    expect(problemsOf({ INTERFACES: 'dify', MCP_TOOLS: '/srv/tools' })).toContain('INTERFACES=mcp beside it');
  });
});
