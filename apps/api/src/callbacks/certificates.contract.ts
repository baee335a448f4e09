// eslint-disable-next-line no-restricted-imports -- of the tools, which are no package
export { CertificateAuthority } from '../../../../tools/services/certificates.cjs';

/** What a TLS server shows. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}
