export { KEEPING, RedisServer } from '../../../../tools/services/redis-server.cjs';
