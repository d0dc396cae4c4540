export {};
//# sourceMappingURL=calendar-operation.js.map