import { must } from '../../model/errors.ts';
import type { Kind } from '../../model/item.ts';
import { systemClock } from '../../system/clock.ts';
import type { Settings, StorageType } from '../storage-type.ts';
import { VdirStorage } from './vdir-storage.ts';

export const vdirCalendarType: StorageType = vdirType('vdir/icalendar', 'calendar', 'ics');
export const vdirContactsType: StorageType = vdirType('vdir/vcard', 'address-book', 'vcf');

function vdirType(name: string, kind: Kind, defaultExtension: string): StorageType {
  return {
    name,
    kind,
    alwaysReadOnly: false,
    directives: {
      path: { value: 'path', from: 'anywhere', required: true },
      fileext: { value: 'extension', default: defaultExtension },
    },
    problems(settings) {
      return /(?:^|\.)tmp$|~$/.test(textOf(settings, 'fileext') ?? '')
        ? [
            {
              directive: 'fileext',
              message: 'files of such a name are left aside, as what programs write for a moment',
            },
          ]
        : [];
    },
    open: (settings) =>
      new VdirStorage({
        kind,
        root: must(textOf(settings, 'path'), 'path is required'),
        extension: textOf(settings, 'fileext') ?? defaultExtension,
        clock: systemClock,
      }),
  };
}

function textOf(settings: Settings, directive: string): string | undefined {
  const value = settings.get(directive);
  return typeof value === 'string' ? value : undefined;
}
