import { defineConfig } from "vite";

// One page, few files, no inline script or style, and nothing that another place serves.
export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
  build: {
    outDir: "../build/web",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": "http://127.0.0.1:8077", "/session": "http://127.0.0.1:8077", "/films": "http://127.0.0.1:8077" } },
});
