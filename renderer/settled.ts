import { useEffect, useState } from 'react';

/** Whether a value has stayed the same for so many milliseconds. */
export function useSettled<T>(value: T, afterMs: number): boolean {
  const [settled, setSettled] = useState<T>();
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled === value;
}
