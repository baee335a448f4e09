export * from './error-codes';
export * from './execution';
export * from './limits';
export * from './metadata';
export * from './paths';
