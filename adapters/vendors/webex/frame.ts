/** What calendar connectors put around the join text [INFER]. */
const CONNECTOR_FRAME = /do not delete or change any of the following text/i;

export const hasFrame = (agenda = ''): boolean => CONNECTOR_FRAME.test(agenda);
