export { DURABLE, RedisServer } from '../../../../tools/services/redis-server.cjs';
