import { caldavType } from './caldav/caldav.ts';
import { carddavType } from './carddav/carddav.ts';
import type { StorageType } from './storage-type.ts';
import { vdirCalendarType, vdirContactsType } from './vdir/vdir-type.ts';
import { webcalType } from './webcal/webcal-type.ts';

/** All storage types, one line each. */
export const storageTypes: readonly StorageType[] = [
  vdirCalendarType,
  vdirContactsType,
  caldavType,
  carddavType,
  webcalType,
];
