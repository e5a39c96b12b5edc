/** Where this installation's roles and profiles lie in IAM: lists are narrowed to it, policies can be scoped by it. */
export const iamPath = (installation: string): string => `/ecom/${installation}/`;
