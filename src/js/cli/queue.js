// Work side by side whose results come in the order of what it was for.

/**
 * The results of `work(item)` in the order of the items: at most `most` at once, and at most `ahead`
 * begun and not yet taken, so that a slow one lets others pass without piling them up.
 */
export async function* ordered(items, { most, ahead }, work) {
  const free = gate(most);
  const begun = [];
  for (const item of items) {
    const result = free(() => work(item));
    // It is taken later: until then its failure must not count as unhandled.
    result.catch(() => {});
    begun.push(result);
    if (begun.length >= ahead) yield await begun.shift();
  }
  while (begun.length > 0) yield await begun.shift();
}

/** A function that runs what it is given, at most `most` at a time, first come first served. */
function gate(most) {
  const waiting = [];
  let running = 0;
  return async (work) => {
    if (running < most) running += 1;
    // The place is handed on by who leaves it.
    else await new Promise((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
