/** `1E+17`: .NET turns to exponents from this power of ten on, and below 1E-05. */
const DOUBLE_EXPONENT = 17;
const SINGLE_EXPONENT = 9;

/** A double in CLIXML: the shortest digits that give it back, `INF`, `-INF`, `NaN`, `-0`. */
export function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'INF' : '-INF';
  return spell(value, value.toExponential(), DOUBLE_EXPONENT);
}

/** As formatDouble, for a single: fewer digits give it back. */
export function formatSingle(value: number): string {
  if (!Number.isFinite(value)) return formatDouble(value);
  for (let digits = 0; digits < 9; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return spell(value, text, SINGLE_EXPONENT);
  }
  return spell(value, value.toExponential(), SINGLE_EXPONENT);
}

/** What ToString() prints: 15 significant digits of a double, 7 of a single. */
export function floatingText(value: number, type: 'Single' | 'Double'): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const digits = type === 'Double' ? 15 : 7;
  return spell(value, value.toExponential(digits - 1), digits);
}

/** Turns JavaScript's `1.5e+3` into .NET's spelling. */
function spell(value: number, exponential: string, limit: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', power = '0'] = exponential.replace('-', '\u2212').split('e');
  const sign = value < 0 ? '-' : '';
  const exponent = Number(power.replace('\u2212', '-'));
  const digits = mantissa.replace(/[.\u2212]/g, '').replace(/0+$/, '') || '0';
  if (exponent >= limit || exponent < -4) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits[0]}${fraction}E${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return sign + whole + (fraction && `.${fraction}`);
}
