import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { writeSingleRunConfig } from './single-run-config';

const NSJAIL_CONFIG = join(resolve(__dirname, '../../../../..'), 'nsjail.cfg');

describe('writeSingleRunConfig', () => {
  it('adds to nsjail.cfg a /tmp of the size that the operator says, without set-user-id files and devices', async () => {
    const { file, remove } = await writeSingleRunConfig(NSJAIL_CONFIG, { ...DEFAULT_LIMITS, tmpSizeMb: 4 });
    const text = readFileSync(file, 'utf8');
    await remove();
    const constant = readFileSync(NSJAIL_CONFIG, 'utf8');
    expect(text.startsWith(constant)).toBe(true);
    const added = text.slice(constant.length);
    expect(added).toContain('options: "size=4194304,nr_inodes=4096,mode=1777"');
    for (const line of ['dst: "/tmp"', 'rw: true', 'nosuid: true', 'nodev: true']) {
      expect(added).toContain(`\n  ${line}\n`);
    }
  });

  it('writes it where nobody else can, under a name by which a later service finds what was left', async () => {
    const { file, remove } = await writeSingleRunConfig(NSJAIL_CONFIG, DEFAULT_LIMITS);
    const folder = dirname(file);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(basename(folder)).toContain(`pycell-runtime-${process.pid}-`);
    await remove();
    expect(existsSync(folder)).toBe(false);
  });

  it('fails where nsjail.cfg is missing', async () => {
    await expect(writeSingleRunConfig('/nowhere/nsjail.cfg', DEFAULT_LIMITS)).rejects.toThrow(/nowhere/);
  });
});
