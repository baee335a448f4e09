// eslint-disable-next-line no-restricted-imports -- of the tools, which are no package
export { NameServer } from '../../../../tools/services/name-server.cjs';
