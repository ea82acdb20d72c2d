// The shape of what `--json` prints, and of an error in it.

/** The version of the shape; a change that a reader has to know of gets the next. */
export const schema = 1;

/** The reason why there is no report, as JSON. */
export const jsonError = ({ code = "could-not-check", message, offset }) => ({ schema, error: { code, message, ...(offset !== undefined && { offset }) } });
