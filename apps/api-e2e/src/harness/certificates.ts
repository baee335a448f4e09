export { CertificateAuthority } from '../../../../tools/services/certificates.cjs';
