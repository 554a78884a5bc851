import { describe, expect, it } from 'vitest';
import { locateConfig, locateHome } from '../../src/config/locate.ts';

describe('the configuration file', () => {
  const all = { PIMSYNC_CONFIG: 'here.conf', XDG_CONFIG_HOME: '/xdg' };

  it('is the one of the command line, else the environment, else below the configuration directory', () => {
    expect(locateConfig('my.conf', all, '/home/mira')).toBe('my.conf');
    expect(locateConfig(undefined, all, '/home/mira')).toBe('here.conf');
    expect(locateConfig(undefined, { XDG_CONFIG_HOME: '/xdg' }, '/home/mira')).toBe('/xdg/pimsync/pimsync.conf');
    expect(locateConfig(undefined, {}, '/home/mira')).toBe('/home/mira/.config/pimsync/pimsync.conf');
  });

  it('is not where a variable is empty or, in XDG, relative', () => {
    const env = { PIMSYNC_CONFIG: '', XDG_CONFIG_HOME: 'xdg' };
    expect(locateConfig(undefined, env, '/home/mira')).toBe('/home/mira/.config/pimsync/pimsync.conf');
  });
});

describe('the status databases', () => {
  it('are below the data directory', () => {
    expect(locateHome({ XDG_DATA_HOME: '/data' }, '/h')).toEqual({
      directory: '/h',
      statusPath: '/data/pimsync/status',
    });
    expect(locateHome({ XDG_DATA_HOME: 'data' }, '/h').statusPath).toBe('/h/.local/share/pimsync/status');
  });
});
