/** Makes certificates for tests, by openssl. */
const { execFileSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { isIP } = require('node:net');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** What a TLS server shows, in PEM. @typedef {{ readonly key: string, readonly cert: string }} Certificate */

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout'];

/** An authority made for a test, and forgotten with it. */
class CertificateAuthority {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'pycell-certificates-'));
    const subject = ['-subj', '/CN=test authority', '-addext', 'basicConstraints=critical,CA:TRUE'];
    this.openssl('req', '-x509', ...NEW_KEY, 'ca.key', '-out', 'ca.pem', '-days', '2', ...subject);
  }

  /** The file of its own certificate, for those who are to trust it. */
  get path() {
    return join(this.folder, 'ca.pem');
  }

  /** Its own certificate, in PEM. */
  get cert() {
    return this.read('ca.pem');
  }

  /**
   * Makes a certificate.
   * @param {readonly string[]} names of hosts, or addresses
   * @param {number} [days] until it expires; what is negative has expired
   * @returns {Certificate}
   */
  issue(names, days = 2) {
    const all = names.map((name) => `${isIP(name) ? 'IP' : 'DNS'}:${name}`).join(',');
    writeFileSync(join(this.folder, 'leaf.ext'), `subjectAltName=${all}\n`);
    this.openssl('req', ...NEW_KEY, 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=test');
    const from = ['-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    this.openssl('x509', '-req', ...from, '-extfile', 'leaf.ext', '-days', String(days), '-out', 'leaf.pem');
    return { key: this.read('leaf.key'), cert: this.read('leaf.pem') };
  }

  remove() {
    rmSync(this.folder, { recursive: true });
  }

  /** @param {readonly string[]} words */
  openssl(...words) {
    execFileSync('openssl', [...words], { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  }

  /** @param {string} name */
  read(name) {
    return readFileSync(join(this.folder, name), 'utf8');
  }
}

module.exports = { CertificateAuthority };
