/** What the engine loads. Its SDK would compile a .ts file by itself, with settings of its own; from here on Node does. */
import "./index.ts";
