export { loadAdvisory, shippedAdvisories } from './advisory-file.js';
export { loadCampaign } from './campaign-file.js';
export { durationMs, type SecretSource } from './fields.js';
export { initFiles } from './init.js';
export { InputError } from './input-error.js';
export { jsonSchemas } from './json-schema.js';
export type { OauthConfig } from './oauth.js';
export { loadConfig, type IdentityConfig, type RelinkConfig } from './relink-file.js';
export { readSecret, secretsOf } from './secrets.js';
