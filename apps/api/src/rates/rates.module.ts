import { Module } from '@nestjs/common';
import { RateLimits } from './rate-limits';

/** How many requests a caller may send in a time. */
@Module({ providers: [RateLimits], exports: [RateLimits] })
export class RatesModule {}
