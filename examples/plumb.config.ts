import { defineConfig } from '@plumb/sdk/config'

export default defineConfig({})
