import { createRequire } from 'node:module';

type State = object;

/** As much of fengari as is used here; it comes without types. */
interface Fengari {
  readonly to_luastring: (text: string) => Uint8Array;
  readonly to_jsstring: (text: Uint8Array) => string;
  readonly lauxlib: {
    readonly luaL_newstate: () => State;
    readonly luaL_requiref: (state: State, name: Uint8Array, open: unknown, global: 0 | 1) => void;
    readonly luaL_loadstring: (state: State, code: Uint8Array) => number;
  };
  readonly lualib: { readonly luaopen_base: unknown; readonly luaopen_table: unknown };
  readonly lua: {
    readonly LUA_OK: number;
    readonly lua_pcall: (state: State, args: number, results: number, handler: number) => number;
    readonly lua_pop: (state: State, count: number) => void;
    readonly lua_newtable: (state: State) => void;
    readonly lua_settable: (state: State, at: number) => void;
    readonly lua_setglobal: (state: State, name: Uint8Array) => void;
    readonly lua_getfield: (state: State, at: number, name: Uint8Array) => number;
    readonly lua_tostring: (state: State, at: number) => Uint8Array | null;
    readonly lua_pushnil: (state: State) => void;
    readonly lua_pushboolean: (state: State, value: boolean) => void;
    readonly lua_pushnumber: (state: State, value: number) => void;
    readonly lua_pushinteger: (state: State, value: number) => void;
    readonly lua_pushstring: (state: State, value: Uint8Array) => void;
  };
}

const { lua, lauxlib, lualib, to_luastring, to_jsstring } = createRequire(import.meta.url)('fengari') as Fengari;

/** Runs an Argo CD health check over an object, with the base and table libraries alone, as Argo CD does. */
export function healthOf(script: string, obj: unknown): { status?: string; message?: string } {
  const state = lauxlib.luaL_newstate();
  lauxlib.luaL_requiref(state, to_luastring('_G'), lualib.luaopen_base, 1);
  lauxlib.luaL_requiref(state, to_luastring('table'), lualib.luaopen_table, 1);
  lua.lua_pop(state, 2);
  push(state, obj);
  lua.lua_setglobal(state, to_luastring('obj'));
  if (lauxlib.luaL_loadstring(state, to_luastring(script)) !== lua.LUA_OK) throw new Error(textAt(state, -1));
  if (lua.lua_pcall(state, 0, 1, 0) !== lua.LUA_OK) throw new Error(textAt(state, -1));
  return { status: fieldOf(state, 'status'), message: fieldOf(state, 'message') };
}

function fieldOf(state: State, name: string): string | undefined {
  lua.lua_getfield(state, -1, to_luastring(name));
  const text = textAt(state, -1);
  lua.lua_pop(state, 1);
  return text;
}

function textAt(state: State, at: number): string | undefined {
  const text = lua.lua_tostring(state, at);
  return text === null ? undefined : to_jsstring(text);
}

/** Puts a JSON value on Lua's stack: objects and lists become tables, numbers floats, as in Lua 5.1. */
function push(state: State, value: unknown): void {
  if (typeof value === 'string') lua.lua_pushstring(state, to_luastring(value));
  else if (typeof value === 'number') lua.lua_pushnumber(state, value);
  else if (typeof value === 'boolean') lua.lua_pushboolean(state, value);
  else if (typeof value !== 'object' || value === null) lua.lua_pushnil(state);
  else {
    lua.lua_newtable(state);
    for (const [key, part] of Object.entries(value)) {
      if (Array.isArray(value)) lua.lua_pushinteger(state, Number(key) + 1);
      else lua.lua_pushstring(state, to_luastring(key));
      push(state, part);
      lua.lua_settable(state, -3);
    }
  }
}
