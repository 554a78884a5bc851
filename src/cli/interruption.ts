/** Why the work was broken off: the process was told to end. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly by: 'SIGINT' | 'SIGTERM';

  constructor(by: 'SIGINT' | 'SIGTERM') {
    super(`ended by ${by}`);
    this.by = by;
  }
}
