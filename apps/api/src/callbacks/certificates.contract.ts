// eslint-disable-next-line no-restricted-imports -- tests make their certificates
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a TLS server shows. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** An authority made for a test, and forgotten with it. */
export class CertificateAuthority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'pycell-certificates-'));
  readonly cert: string;

  constructor() {
    const subject = ['-subj', '/CN=test authority', '-addext', 'basicConstraints=critical,CA:TRUE'];
    this.openssl(['req', '-x509', ...this.newKey('ca.key'), '-out', 'ca.pem', '-days', '2', ...subject]);
    this.cert = this.read('ca.pem');
  }

  /** @param days until it expires; what is negative has expired */
  issue(names: readonly string[], days = 2): Certificate {
    const extensions = `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`;
    writeFileSync(join(this.folder, 'leaf.ext'), extensions);
    this.openssl(['req', ...this.newKey('leaf.key'), '-out', 'leaf.csr', '-subj', '/CN=test']);
    const from = ['-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    const what = ['-extfile', 'leaf.ext', '-days', String(days), '-out', 'leaf.pem'];
    this.openssl(['x509', '-req', ...from, ...what]);
    return { key: this.read('leaf.key'), cert: this.read('leaf.pem') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private newKey(name: string): readonly string[] {
    return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', name];
  }

  private openssl(words: readonly string[]): void {
    execFileSync('openssl', [...words], { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  }

  private read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }
}
