/** The styles of the shadow root, as one text. */

import controls from "./controls.css";
import grid from "./grid.css";
import modes from "./modes.css";
import page from "./page.css";
import panels from "./panels.css";
import pictures from "./pictures.css";
import tokens from "./tokens.css";

export const css = [tokens, controls, page, grid, pictures, panels, modes].join("\n");
