import { Document, defineConfig } from "./src/index.ts";

/** The store that `npm start` makes, so that commands in this folder talk to it. */
export default defineConfig({ components: [Document] });
