import { define } from "../../www/src/element.ts";

export { mountDashboard, ScheduledRuns } from "../../www/src/element.ts";

define();
