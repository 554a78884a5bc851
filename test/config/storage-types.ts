import type { Kind } from '../../src/model/item.ts';
import type { Directive, StorageType } from '../../src/storage/storage-type.ts';

/** Storage types as the configuration sees them: what the drivers declare, without the drivers. */

const web: Readonly<Record<string, Directive>> = {
  username: { value: 'text', from: 'anywhere', required: false },
  password: { value: 'text', from: 'anywhere', required: false, secret: true },
  token: { value: 'later' },
  auth_method: { value: 'choice', choices: ['basic'] },
  allow_insecure_auth: { value: 'flag' },
  allow_origin: { value: 'origins' },
  user_agent: { value: 'text', from: 'here', required: false },
  timeout: { value: 'duration', defaultS: 30 },
  tls_root: { value: 'later' },
  tls_fingerprint: { value: 'later' },
  auth_cert: { value: 'later' },
};

const dav: Readonly<Record<string, Directive>> = {
  url: { value: 'url', from: 'anywhere', required: true, schemes: ['https', 'http', 'unix'] },
  ...web,
  collection_id_segment: { value: 'choice', choices: ['last', 'second-last'], default: 'last' },
  connections: { value: 'count', min: 1, max: 32, default: 8 },
};

const vdir = (extension: string): Readonly<Record<string, Directive>> => ({
  path: { value: 'path', from: 'anywhere', required: true },
  fileext: { value: 'extension', default: extension },
});

const webcal: Readonly<Record<string, Directive>> = {
  url: { value: 'url', from: 'anywhere', required: true, schemes: ['https', 'http', 'unix', 'webcal', 'webcals'] },
  ...web,
  collection_id: { value: 'text', from: 'here', required: true },
  window: { value: 'later' },
};

const fakeType = (name: string, kind: Kind, directives: Readonly<Record<string, Directive>>): StorageType => ({
  name,
  kind,
  directives,
  alwaysReadOnly: name === 'webcal',
  problems: (settings) =>
    settings.has('password') && !settings.has('username')
      ? [{ directive: 'password', message: '"password" needs "username"' }]
      : [],
  open() {
    throw new Error('this type is for reading configurations only');
  },
});

export const declaredTypes: readonly StorageType[] = [
  fakeType('vdir/icalendar', 'calendar', vdir('ics')),
  fakeType('vdir/vcard', 'address-book', vdir('vcf')),
  fakeType('caldav', 'calendar', { ...dav, item_types: { value: 'later' }, window: { value: 'later' } }),
  fakeType('carddav', 'address-book', dav),
  fakeType('webcal', 'calendar', webcal),
];
