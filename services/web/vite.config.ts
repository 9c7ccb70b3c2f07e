/** Static files that any server can give, under a content policy without a single exception. */
import { defineConfig } from "vite";

/** Of the rehearsal's router and `npm start`: what `vite` alone passes on to while the page is being worked on. */
const PLATFORM = "http://localhost:8080";

export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    // A data: URL would be an exception in the policy, and an inline script another.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: {
    proxy: {
      "/api": PLATFORM,
      "/auth": PLATFORM,
      "/system.json": PLATFORM,
      "/ws": { target: PLATFORM, ws: true },
    },
  },
});
