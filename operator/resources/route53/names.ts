/** `/hostedzone/Z123` as `Z123`. */
export const bareZoneId = (id: string): string => id.replace(/^\/hostedzone\//, '');

/** A name as people write it: lower case, no trailing dot, and no octal escapes, as Route 53 has for `*`. */
export const plainName = (name: string): string =>
  name
    .replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
    .replace(/\.$/, '')
    .toLowerCase();
