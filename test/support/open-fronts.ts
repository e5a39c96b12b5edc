/** The fronts of this test file that were not closed yet, and so not judged. */
export const openFronts = new Set<string>();
