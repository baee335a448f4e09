/** Which state follows from which event. An event that is not listed means nothing in that state. */
export type Transitions<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>;

/** A state that is one of a closed set and changes by a table only. */
export class StateMachine<State extends string, Event extends string> {
  private readonly waiters: { readonly state: State; readonly resolve: () => void }[] = [];

  constructor(
    private readonly transitions: Transitions<State, Event>,
    private current: State,
  ) {}

  get state(): State {
    return this.current;
  }

  /** Takes an event. Returns false, and changes nothing, when it means nothing in this state. */
  take(event: Event): boolean {
    const next = this.transitions[this.current][event];
    if (next === undefined) {
      return false;
    }
    this.current = next;
    for (const { state, resolve } of this.waiters) {
      if (state === next) {
        resolve();
      }
    }
    return true;
  }

  /** Settles when the state is this one, now or later. For states that are entered once. */
  when(state: State): Promise<void> {
    return new Promise((resolve) => {
      if (this.current === state) {
        resolve();
      } else {
        this.waiters.push({ state, resolve });
      }
    });
  }
}
