// One letter does what the element that carries it does: data-key names it.

const off = 'webcare-keys-off';

function typing(element) {
  return element.closest('textarea, select, [contenteditable]') ||
    (element.matches('input') && !['checkbox', 'radio', 'button', 'submit'].includes(element.type));
}

function first(box) {
  return box.querySelector('textarea, input:not([type=hidden]), select, button');
}

function act(element) {
  if (element.matches('summary')) {
    const box = element.parentElement;
    box.open = !box.open;
    if (box.open) (first(box) || element).focus(); else element.focus();
    box.scrollIntoView({ block: 'nearest' });
  } else if (element.matches('textarea, input, select')) {
    element.focus();
    if (element.matches('textarea')) element.setSelectionRange(element.value.length, element.value.length);
    if (element.type === 'search') element.select();
  } else {
    element.click();
  }
}

// rows moves the focus through the queue.
function rows(step) {
  const all = [...document.querySelectorAll('.queue .case')];
  if (!all.length) return false;
  const at = all.indexOf(document.activeElement?.closest('.row')?.querySelector('.case'));
  const to = all[Math.min(all.length - 1, Math.max(0, at + step))];
  to.focus({ preventScroll: true });
  to.closest('.row').scrollIntoView({ block: 'nearest' });
  return true;
}

function special(key) {
  if ((key === 'j' || key === 'k') && !document.getElementById('case')) return rows(key === 'j' ? 1 : -1);
  if (key === 'x') {
    const box = document.activeElement?.closest('.row')?.querySelector('[name=case]');
    if (box) { box.click(); return true; }
  }
  if (/^[1-9]$/.test(key)) {
    const box = document.querySelectorAll('[data-tick]')[Number(key) - 1];
    if (box) { box.click(); return true; }
  }
  return false;
}

function escape(target) {
  const box = target.closest('details.menu[open]') || document.querySelector('details.menu[open]');
  if (box) {
    box.open = false;
    box.querySelector('summary').focus();
    return true;
  }
  if (typing(target)) { target.blur(); return true; }
  return false;
}

function press(e) {
  if (e.defaultPrevented || e.isComposing || document.querySelector('dialog[open]')) return;
  if (e.key === 'Escape') { if (escape(e.target)) e.preventDefault(); return; }
  if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && e.target.matches('.editor textarea')) {
    e.preventDefault();
    document.querySelector('.editor .actions [data-key=a]:not([hidden])')?.click();
    return;
  }
  if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || localStorage.getItem(off)) return;
  if (special(e.key)) { e.preventDefault(); return; }
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(e.key)}"]`)].find((x) => x.checkVisibility());
  if (!found) return;
  e.preventDefault();
  act(found);
}

export function shortcuts() {
  document.addEventListener('keydown', press);
  const dialog = document.getElementById('keys');
  document.querySelector('[data-help]')?.addEventListener('click', () => dialog.showModal());
  const on = document.getElementById('keys-on');
  if (on) {
    on.checked = !localStorage.getItem(off);
    on.addEventListener('change', () => (on.checked ? localStorage.removeItem(off) : localStorage.setItem(off, '1')));
  }
  // A menu closes when one turns elsewhere.
  document.addEventListener('click', (e) => {
    for (const box of document.querySelectorAll('details.menu[open]')) if (!box.contains(e.target)) box.open = false;
  });
}
