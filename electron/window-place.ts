import type { Settings } from '../shared/settings.ts';

/** A rectangle of the desktop, in its units. */
interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type WindowPlace = NonNullable<Settings['window']>;

const DEFAULT = { width: 1440, height: 900 };
const SMALLEST = { width: 800, height: 560 };
/** So much of the title bar must be there to be taken hold of. */
const GRIP = { width: 120, height: 36 };

/** What the page is painted with before anybody is there to answer it. */
interface FirstLook {
  readonly theme: 'system' | 'light' | 'dark';
  readonly zoom: number;
  readonly place?: WindowPlace;
}

/**
 * Reads what a first window needs, without the schemas: they are not loaded before it stands. Whatever is not as it
 * should be counts as not there; the settings' own store says so later.
 */
export function firstLookOf(text: string | undefined): FirstLook {
  const { theme, zoom, window } = asObject(parseJson(text));
  const place = asObject(window);
  const { x, y, width, height, maximized } = place;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    zoom: typeof zoom === 'number' && zoom >= 0.5 && zoom <= 3 ? zoom : 1,
    ...(isInteger(width) &&
      isInteger(height) && {
        place: {
          width,
          height,
          ...(isInteger(x) && isInteger(y) && { x, y }),
          ...(maximized === true && { maximized }),
        },
      }),
  };
}

/** Where the window goes: where it was, if a display is still there to show it, and no larger than that. */
export function windowBounds(place: WindowPlace | undefined, displays: readonly Area[]): Partial<Area> {
  if (!place) return DEFAULT;
  const { x, y } = place;
  const size = (area: Area) => ({
    width: between(place.width, SMALLEST.width, area.width),
    height: between(place.height, SMALLEST.height, area.height),
  });
  const [first = { x: 0, y: 0, ...DEFAULT }] = displays;
  if (x === undefined || y === undefined) return size(first);
  const shown = displays.find((area) => isGraspable({ x, y, width: place.width, height: GRIP.height }, area));
  return shown ? { x, y, ...size(shown) } : size(first);
}

function isGraspable(bar: Area, area: Area): boolean {
  const across = Math.min(bar.x + bar.width, area.x + area.width) - Math.max(bar.x, area.x);
  const down = Math.min(bar.y + bar.height, area.y + area.height) - Math.max(bar.y, area.y);
  return across >= GRIP.width && down >= GRIP.height;
}

const between = (value: number, least: number, most: number) => Math.max(least, Math.min(value, most));

const isInteger = (value: unknown): value is number => Number.isInteger(value);

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
