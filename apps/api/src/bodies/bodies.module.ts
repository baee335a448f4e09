import { Global, Module } from '@nestjs/common';
import { RequestBodyPipe } from './request-body.pipe';

/** How the bytes of a body become a DTO. */
@Global()
@Module({ providers: [RequestBodyPipe], exports: [RequestBodyPipe] })
export class BodiesModule {}
