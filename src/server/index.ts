export { createHttpApp, type HttpOptions } from "./http/app.ts";
export { type HttpServer, type ServeOptions, serve } from "./http/serve.ts";
