/** The groups of operations. */
export const EXECUTIONS_TAG = 'executions';
export const HEALTH_TAG = 'health';
export const METADATA_TAG = 'metadata';

/** What each group is for, in the order of the documentation. */
export const API_TAGS = [
  { name: EXECUTIONS_TAG, description: 'Run scripts.' },
  { name: METADATA_TAG, description: 'What this service is and which limits it enforces.' },
  { name: HEALTH_TAG, description: 'Probes for orchestrators and load balancers.' },
] as const;
