import { DEFAULT_LIMITS } from '@pycell/contracts';
import { ExecutionFailure, type Manner } from '@pycell/sandbox';
import type { InterfaceName } from '../../configuration/interfaces-options';
import { checkedRequest } from './checked-request';
import type { ForeignRequest } from './foreign-request';

const LIMITS = {
  ...DEFAULT_LIMITS,
  maxFiles: 2,
  maxInputsBytes: 20,
  timeoutSeconds: 2,
  memoryLimitMb: 256,
  tmpSizeMb: 64,
};
const PLAIN: ForeignRequest = { script: 'x', mode: 'script' };
const file = (name: string) => ({ name, bytes: Buffer.from('x') });

describe('What an interface asks for', () => {
  it('is what the sandbox executes, with nothing where nothing was said', () => {
    expect(checkedRequest(PLAIN, LIMITS, 'mcp')).toEqual({
      script: 'x',
      mode: 'script',
      inputs: null,
      stdin: null,
      files: [],
      limits: {},
    });
    const more = {
      inputs: Buffer.from('{}'),
      stdin: Buffer.from('é'),
      files: [file('a/b.txt'), file('c')],
      limits: { timeoutMs: 2000, memoryMb: 128 },
    };
    expect(checkedRequest({ ...PLAIN, ...more }, LIMITS, 'mcp')).toEqual({
      script: 'x',
      mode: 'script',
      ...more,
    });
  });

  it.each<[InterfaceName, Manner | undefined]>([
    ['mcp', undefined],
    ['dify', 'program'],
    ['ragflow', 'component'],
    ['piston', 'program'],
    ['judge0', 'program'],
  ])('is wanted as the clients of its interface want it, whatever is asked for: %s', (name, manner) => {
    expect(checkedRequest(PLAIN, LIMITS, name).manner).toBe(manner);
    const claimed = { ...PLAIN, manner: 'component' };
    expect(checkedRequest(claimed, LIMITS, name).manner).toBe(manner);
  });

  it.each<[Partial<ForeignRequest>, RegExp]>([
    [{ script: '\ud800' }, /unpaired surrogate/],
    [{ stdin: Buffer.from([0xff]) }, /UTF-8/],
    [{ inputs: Buffer.alloc(21) }, /21 bytes of JSON text, the limit is 20 \(MAX_INPUTS_BYTES\)/],
    [{ files: [file('a'), file('b'), file('c')] }, /3 files, the limit is 2/],
    [{ files: [file('../a')] }, /The name of file 1 .*no steps \. and \.\./],
    [{ files: [file('/etc/passwd')] }, /relative/],
    [{ files: [file('a\ud800')] }, /valid Unicode/],
    [{ files: [file('a'), file('a')] }, /cannot lie in one folder/],
    [{ files: [file('a'), file('a/b')] }, /needs a folder/],
    [{ limits: { timeoutMs: 2001 } }, /time limit is 2001, .* from 1 to 2000/],
    [{ limits: { timeoutMs: 0.5 } }, /whole number of milliseconds/],
    [{ limits: { memoryMb: 257 } }, /memory limit is 257/],
    [{ limits: { memoryMb: 1 } }, /from 128 to 256/],
    [{ limits: { timeoutMs: Number.NaN } }, /time limit is NaN/],
  ])('is refused where our own API would refuse it: %j', (change, message) => {
    const check = (): unknown => checkedRequest({ ...PLAIN, ...change }, LIMITS, 'mcp');
    expect(check).toThrow(ExecutionFailure);
    expect(check).toThrow(message);
  });
});
