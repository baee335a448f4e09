// eslint-disable-next-line no-restricted-imports -- of the tools, which are no package; what is tested against Redis is tested against a real one
export { KEEPING, RedisServer as RedisProcess } from '../../../../../tools/services/redis-server.cjs';
