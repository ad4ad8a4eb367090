import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../analysis';

const read = (own: unknown) => settingsOf({ 'salesforce-auth': own });

describe('the settings', () => {
  it('have defaults', () => {
    const defaults = { scope: 'salesforce', authModules: [], wrappers: [] };
    expect(settingsOf(undefined)).toEqual(defaults);
    expect(settingsOf({ react: { version: '19' } })).toEqual(defaults);
    expect(read({})).toEqual(defaults);
  });

  it('are what the project says', () => {
    const own = { scope: 'any', authModules: ['./lib/salesforce'], wrappers: ['withRefresh'] };
    expect(read(own)).toEqual(own);
  });

  it.each([
    ['any', "settings['salesforce-auth'] must be an object"],
    [null, "settings['salesforce-auth'] must be an object"],
    [{ scope: 'all' }, "settings['salesforce-auth'].scope must be 'salesforce' or 'any'"],
    [{ authModules: './lib' }, "settings['salesforce-auth'].authModules must be a list of names"],
    [{ wrappers: [/with/] }, "settings['salesforce-auth'].wrappers must be a list of names"],
    [{ wrapper: ['withRefresh'] }, "settings['salesforce-auth'].wrapper is not a setting: scope, authModules and wrappers are"],
  ])('%j is refused by name', (own, message) => {
    expect(() => read(own)).toThrow(message);
  });
});
