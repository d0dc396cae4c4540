import type { QueryParameter } from './calendar-operation.js';
export declare const sendUpdates: QueryParameter;
export declare const listParameters: {
    calendarList: QueryParameter[];
    rules: QueryParameter[];
    settings: QueryParameter[];
    events: QueryParameter[];
};
export declare const destination: QueryParameter;
export declare const quickAddText: QueryParameter;
//# sourceMappingURL=query-parameters.d.ts.map