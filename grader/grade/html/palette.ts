/** A state's colours are a pair, ink on ground, with a contrast of at least 4.5 : 1 (WCAG AA). So are `ink` and `muted` on both grounds. */
const LIGHT = `
  --ground: #ffffff; --raised: #f5f6f8; --line: #d5d9df; --ink: #1b1f24; --muted: #555e69; --link: #0b57b0;
  --passed: #d5efdd; --passed-ink: #10562c;
  --failed: #c2212a; --failed-ink: #ffffff; --failed-text: #b01822; --failed-wash: #fdeceb;
  --not-written: #ffeab3; --not-written-ink: #664700;
  --not-run: #e4e8ec; --not-run-ink: #4d5661;
  --error: #6d2aa6; --error-ink: #ffffff; --error-text: #6d2aa6; --error-wash: #f5edfc;
  --bar: #2b7a4b; --bar-open: #e0ab2e; --bar-ground: #dfe3e8;`;

const DARK = `
  --ground: #13161b; --raised: #1c2027; --line: #363d47; --ink: #e6e9ed; --muted: #a2acb8; --link: #85b8ff;
  --passed: #173d28; --passed-ink: #8fe3ae;
  --failed: #f4716b; --failed-ink: #1d0706; --failed-text: #ff938c; --failed-wash: #3a1b1d;
  --not-written: #4b3b0e; --not-written-ink: #f6d679;
  --not-run: #2c323b; --not-run-ink: #b3bcc7;
  --error: #c69df3; --error-ink: #1d0b30; --error-text: #cfaaf6; --error-wash: #2b1d3d;
  --bar: #4fb377; --bar-open: #c99a2a; --bar-ground: #363d47;`;

/** The page's colours: paper is always light. */
export const PALETTE = `
:root { color-scheme: light dark;${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root {${DARK} } }
`;
