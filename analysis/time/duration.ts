/** A length of time in words: `2 min`, `90 s`, `10 ms`. */
export function duration(seconds: number): string {
  if (seconds >= 60 && seconds % 60 === 0) return `${seconds / 60} min`;
  return seconds >= 1 ? `${Math.round(seconds * 10) / 10} s` : `${Math.round(seconds * 1_000)} ms`;
}
