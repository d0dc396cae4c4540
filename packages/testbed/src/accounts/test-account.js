export {};
//# sourceMappingURL=test-account.js.map