import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export const PAGE = '<!doctype html><title>pycell</title>';
export const SCRIPT = 'console.log("x");'.repeat(100);

/** A folder like that of the built console, small. */
export class PageFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'pycell-console-'));

  constructor() {
    mkdirSync(join(this.path, 'media'));
    this.write('index.html', PAGE);
    this.write('config.json', '{"apiUrl":"http://never.example"}');
    this.write('main-ABCD1234.js', SCRIPT);
    this.write('main-ABCD1234.js.br', brotliCompressSync(SCRIPT));
    this.write('main-ABCD1234.js.gz', gzipSync(SCRIPT));
    this.write('worker-ABCD1234.js', SCRIPT);
    this.write('media/parser-ABCD1234.wasm', Buffer.from([0, 97, 115, 109]));
    this.write('.hidden', 'not of the page');
  }

  write(name: string, content: string | Buffer): void {
    writeFileSync(join(this.path, name), content);
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
