// Entry: each page brings what its parts ask for. Without scripts everything
// here still works by plain forms and links.
import { shortcuts } from './keys.js';
import { queue } from './queue.js';
import { editor } from './editor.js';
import { casePage } from './case.js';
import { countdowns } from './page.js';

shortcuts();
countdowns();
queue();
casePage(editor());
document.documentElement.dataset.ready = '';
