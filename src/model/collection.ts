import type { Kind } from './item.ts';
import type { Checkpoint, CollectionId, Href } from './names.ts';

export type PropertyName = 'displayname' | 'color' | 'description' | 'order';

export const PROPERTY_NAMES: readonly PropertyName[] = ['displayname', 'color', 'description', 'order'];

/** Address books have no colour and no order. */
export const propertiesOf = (kind: Kind): readonly PropertyName[] =>
  kind === 'calendar' ? PROPERTY_NAMES : ['displayname', 'description'];

/** Values as the storage has them; a name that is missing here is not set there. */
export type Properties = Readonly<Partial<Record<PropertyName, string>>>;

export interface Collection {
  readonly href: Href;
  readonly id: CollectionId;
  readonly properties: Properties;
  /** Equal to a checkpoint that an earlier look gave: nothing has changed since, and there is no need to look. */
  readonly version?: Checkpoint;
}

/** A collection to be made: by its id below the storage's home, or at an exact address. */
export type CollectionTarget =
  | { readonly type: 'id'; readonly id: CollectionId }
  | { readonly type: 'href'; readonly href: Href };
