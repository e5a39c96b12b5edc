const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text) => String(text).replace(/[&<>"']/g, (character) => entities[character]);
const price = (cents) => `${(cents / 100).toFixed(2)} €`;

/** The shop window. Pictures come from the bucket by way of the CDN; without a CDN there are none. */
export const shopWindow = (products, { hasCdn }) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Shop</title>
<h1>Shop</h1>
<ul>
${products
  .map(
    ({ id, name, picture, priceCents, stock }) =>
      `<li>${hasCdn ? `<img src="/images/${escaped(encodeURIComponent(picture))}" alt="">` : ''}` +
      `<a href="/products/${id}">${escaped(name)}</a> ${price(priceCents)}${stock === 0 ? ', sold out' : ''}</li>`,
  )
  .join('\n')}
</ul>
</html>
`;
