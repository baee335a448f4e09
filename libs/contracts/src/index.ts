export * from './statuses';
export * from './execution';
export * from './limits';
export * from './media-types';
export * from './metadata';
export * from './paths';
export * from './runner-protocol';
export * from './validation';
