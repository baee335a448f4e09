import { withArtifactsFolder } from './artifacts-folder';

const requestOf = (script: string, inputs?: string) =>
  ({ script, mode: 'function', ...(inputs !== undefined && { inputs: Buffer.from(inputs) }) }) as const;

describe("RAGFlow's folder for files", () => {
  it('is made where the script or its arguments name it', () => {
    const script = 'def main():\n    open("artifacts/a.csv", "w")\n';
    const { request, addedLines } = withArtifactsFolder(requestOf(script));
    expect(addedLines).toBe(1);
    expect(request.script).toMatch(/^__import__.*symlink\("output", "artifacts"\)\n/);
    expect(request.script.endsWith(`\n${script}`)).toBe(true);
    const asked = requestOf('def main(path): pass', '{"path":"artifacts/a.csv"}');
    expect(withArtifactsFolder(asked)).toMatchObject({
      addedLines: 1,
      request: { inputs: asked.inputs, mode: 'function' },
    });
  });

  it.each(['def main(): pass', 'from __future__ import (\n  annotations)\n# artifacts'])(
    'leaves %j as it is',
    (script) => {
      const request = requestOf(script, '{}');
      expect(withArtifactsFolder(request)).toEqual({ request, addedLines: 0 });
    },
  );
});
