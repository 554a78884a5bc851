import { describe, expect, it } from 'vitest';
import {
  type Checked,
  checkCollectionId,
  checkDuration,
  checkExtension,
  checkForm,
  checkName,
  checkOrigin,
  checkPath,
} from '../../src/config/form.ts';

const valueIn = <T>(checked: Checked<T>): T | undefined => (checked.type === 'right' ? checked.value : undefined);
const url = (text: string) => valueIn(checkForm(text, { form: 'url', schemes: ['https', 'http', 'unix'] }));

describe('a value', () => {
  it('that is a length of time is a number of seconds or has a unit', () => {
    const seconds = ['0', '45', '90s', '15m', '6h', '30d', '2w'].map((text) => valueIn(checkDuration(text)));
    expect(seconds).toEqual([0, 45, 90, 900, 21_600, 2_592_000, 1_209_600]);
    for (const text of ['', '-1', '1.5', '1.5h', '5 m', 'm', '1y', '1e3', '9999w9', '999999999w']) {
      expect(valueIn(checkDuration(text)), text).toBeUndefined();
    }
  });

  it('that is a path is absolute when the home directory stands in it', () => {
    const paths = ['/a', '~', '~/a/', '/$HOME'].map((text) => valueIn(checkPath(text, '/home/mira')));
    expect(paths).toEqual(['/a', '/home/mira', '/home/mira/a/', '/$HOME']);
    for (const text of ['a', './a', '~mira', '$HOME/a', '../a'])
      expect(valueIn(checkPath(text, '/h')), text).toBeUndefined();
  });

  it('that is a URL has a known scheme, a host or a socket, and no password', () => {
    for (const text of ['https://h', 'http://h:80/a%20b?c=d', 'unix:///run/dav.sock']) expect(url(text)).toBe(text);
    for (const text of [
      'h',
      '//h',
      'ftp://h',
      'https://',
      'https://u:p@h/',
      'https://u@h/',
      'unix://h/s',
      'unix:///',
      'https:',
    ]) {
      expect(url(text), text).toBeUndefined();
    }
  });

  it('that is text is some, without control characters', () => {
    const text = (value: string) => valueIn(checkForm(value, { form: 'text' }));
    expect(text(' x ')).toBe(' x ');
    for (const value of ['', 'a\nb', 'a\rb', 'a\0', '\u007f']) expect(text(value)).toBeUndefined();
  });

  it('that is a name can be a file name and a word of a command', () => {
    for (const name of ['a', 'Work_1', 'a-b.c', '_x']) expect(valueIn(checkName(name))).toBe(name);
    for (const name of ['', '-a', '.a', 'a b', 'a/b', 'é', 'a\n'])
      expect(valueIn(checkName(name)), name).toBeUndefined();
  });

  it('that is an id of a collection is one segment of a path', () => {
    for (const id of ['home', 'Mira Lind', '.hidden', 'ä']) expect(valueIn(checkCollectionId(id))).toBe(id);
    for (const id of ['', '.', '..', 'a/b', 'a\n']) expect(valueIn(checkCollectionId(id)), id).toBeUndefined();
  });

  it('that is an origin has no path', () => {
    expect(valueIn(checkOrigin('https://*.iCloud.com/'))).toBe('https://*.icloud.com');
    expect(valueIn(checkOrigin('http://[::1]:5232'))).toBe('http://[::1]:5232');
    for (const text of ['h', 'https://*', 'https://h/a', 'https://u@h', 'ftp://h', 'https://a.*.b', 'https://h ']) {
      expect(valueIn(checkOrigin(text)), text).toBeUndefined();
    }
  });

  it('that is an extension holds no path', () => {
    expect(['ics', '.ics', 'tar.gz'].map((text) => valueIn(checkExtension(text)))).toEqual(['ics', 'ics', 'tar.gz']);
    for (const text of ['', '.', '..', 'a/b', 'a b']) expect(valueIn(checkExtension(text)), text).toBeUndefined();
  });
});
