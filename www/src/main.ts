/** The page: the element, which has the page's address. */

// Fetched along with the element, which asks for it when it is put into the page: now.
import "./dashboard.ts";
import { define } from "./element.ts";

define();
