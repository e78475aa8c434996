/** Builds the console into dist/, and serves it while it is written, with the API of a running gateway. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const gateway = process.env['BLUEGATE_CONSOLE_GATEWAY'] ?? 'https://localhost:8443'

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_200,
  },
  server: {
    proxy: {
      '/api': {
        target: gateway,
        secure: false, // the certificate of a gateway under development is its own CA's
        configure: (proxy) => {
          // The gateway takes changes from pages of its own origin only.
          proxy.on('proxyReq', (request) => {
            if (request.hasHeader('origin')) request.setHeader('origin', gateway)
          })
        },
        changeOrigin: true,
      },
    },
  },
})
