/** A string as Go's `%q` writes it: the API server's messages quote values so. */
export function goQuoted(text: string): string {
  const special: Readonly<Record<string, string>> = {
    '\u0007': '\\a',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\v': '\\v',
    '"': '\\"',
    '\\': '\\\\',
  };
  const inner = [...text].map((letter) => {
    const code = letter.codePointAt(0) ?? 0;
    if (special[letter]) return special[letter];
    return code < 32 || code === 127 ? `\\x${code.toString(16).padStart(2, '0')}` : letter;
  });
  return `"${inner.join('')}"`;
}
