/** One kind of zygote, as an operator sees it. */
export interface KindState {
  readonly kind: string;
  /** Whether runs can have new spares of it: a zygote lives and is ready, and its isolation has been proved. */
  readonly isOpen: boolean;
  /** Spares that are ready to take a script. */
  readonly spares: number;
  /** Zygotes that took the place of a lost one, in a jail that stayed, since the service started. */
  readonly restarts: number;
}

/** What keeps scripts running, at one moment. */
export interface EngineState {
  readonly kinds: readonly KindState[];
  /** Jails that took the place of a lost one since the service started. */
  readonly jailRestarts: number;
}
