/** Where in an item something differs. */
export interface Place {
  /** `VEVENT`, `VALARM`, `VCARD`, …, in upper case. */
  readonly type: string;
  /** Of an override, or of what is in one: the occurrence, readable. */
  readonly recurrenceId: string | undefined;
}

/**
 * What two versions have different. The values are for a person to read, and still foreign text: who prints them escapes
 * them. `undefined`: that version has nothing there.
 */
export interface Difference {
  readonly component: Place;
  /** The name of a property, or of a component that differs as a whole; in upper case. */
  readonly property: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}
