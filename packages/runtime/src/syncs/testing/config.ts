/** How large the crash and scale tests are; the benchmark asks for a million records and 256 connections. */
export const testSizes = {
  records: Number(process.env['PLUMB_TEST_SYNC_RECORDS'] ?? 20_000),
  connections: Number(process.env['PLUMB_TEST_SYNC_CONNECTIONS'] ?? 24),
}
