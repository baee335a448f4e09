export * from './statuses';
export * from './execution';
export * from './limits';
export * from './metadata';
export * from './paths';
export * from './runner-protocol';
