// What several parts of a page share.

const policy = window.trustedTypes?.createPolicy('webcare', { createHTML: (s) => s });

// parse reads markup that this console's own templates made.
export function parse(markup) {
  return new DOMParser().parseFromString(policy ? policy.createHTML(markup) : markup, 'text/html');
}

// fill replaces what stands in an element by such markup.
export function fill(element, markup) {
  element.replaceChildren(...parse(markup).body.childNodes);
}

export const words = JSON.parse(document.body.dataset.words || '{}');

// say tells something in passing, with at most one thing to do about it.
export function say(text, label, act) {
  const toast = document.getElementById('toast');
  const p = document.createElement('p');
  p.textContent = text;
  toast.replaceChildren(p);
  if (label) {
    const b = document.createElement('button');
    b.type = 'button';
    b.dataset.key = '.';
    b.textContent = label;
    b.addEventListener('click', act);
    toast.append(b);
  }
  return () => { if (p.isConnected) toast.replaceChildren(); };
}

// countdowns run down what is left of an undo window.
export function countdowns() {
  const all = [...document.querySelectorAll('.countdown')];
  if (!all.length) return;
  const tick = () => {
    for (const c of all) {
      const left = Math.ceil((Number(c.dataset.until) - Date.now()) / 1000);
      c.textContent = `${Math.max(0, left)} s`;
      if (left > 0 || c.dataset.over) continue;
      c.dataset.over = '1';
      c.closest('.done')?.querySelector('form')?.remove();
    }
    if (all.some((c) => !c.dataset.over)) setTimeout(tick, 250);
  };
  tick();
}

// live calls back when something changed: by the server's stream where there
// is one, else by the clock. A page nobody looks at listens to nothing.
export function live(changed) {
  let source = null;
  let timer = 0;
  const poll = (seconds) => { timer ||= setInterval(() => changed({}), seconds * 1000); };
  const open = (again) => {
    if (document.hidden) return;
    if (document.body.dataset.streams === undefined) {
      if (again) changed({});
      return poll(15);
    }
    poll(60); // clocks move on
    source = new EventSource('/live');
    source.onmessage = (e) => changed(JSON.parse(e.data));
    source.onopen = () => changed({}); // what happened before one listened
    source.onerror = () => { if (source?.readyState === EventSource.CLOSED) setTimeout(() => { close(); open(true); }, 5000); };
  };
  const close = () => { source?.close(); source = null; clearInterval(timer); timer = 0; };
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open(true)));
  addEventListener('pagehide', close);
  addEventListener('pageshow', (e) => { if (e.persisted) open(true); });
  open(false);
}
